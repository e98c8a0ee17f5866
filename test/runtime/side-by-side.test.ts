import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sideBySide } from '../../src/runtime/side-by-side.js'

const never = new AbortController().signal

/** Work that ends when it is told to. */
const controlled = () => {
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  const signals = new Map<string, AbortSignal>()
  const work = (name: string, givenUp: AbortSignal): Promise<void> => {
    signals.set(name, givenUp)
    return new Promise((resolve, reject) => ends.set(name, { resolve, reject }))
  }
  return { ends, signals, work }
}

describe('work that is done side by side', () => {
  it('is over when all of it is', async () => {
    const { ends, work } = controlled()
    const all = sideBySide(never, ['one', 'other'], work)
    for (const { resolve } of ends.values()) resolve()
    await all
  })

  it('is given up where a part fails, which is told when no part is at work any more', async () => {
    const { ends, signals, work } = controlled()
    const events: string[] = []
    const all = sideBySide(never, ['one', 'other'], work).catch(({ message }) => events.push(message))
    signals.get('other')!.addEventListener('abort', () => {
      events.push('given up')
      setImmediate(() => {
        events.push('other ends')
        ends.get('other')!.reject(new Error('given up, too'))
      })
    })
    ends.get('one')!.reject(new Error('one failed'))
    await all
    assert.deepEqual(events, ['given up', 'other ends', 'one failed'])
  })

  it('is given up with its signal', async () => {
    const stopping = new AbortController()
    const all = sideBySide(stopping.signal, ['one', 'other'], async (_, givenUp) => {
      await new Promise((resolve) => givenUp.addEventListener('abort', resolve, { once: true }))
      givenUp.throwIfAborted()
    })
    stopping.abort(new Error('stopped'))
    await assert.rejects(all, /stopped/)
  })
})
