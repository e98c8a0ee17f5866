import { setImmediate as turn } from 'node:timers/promises'
import type { AsyncCallContext } from '../../operators/async-calls.js'

interface Request<R> {
  readonly question: string
  readonly call: AsyncCallContext
  resolve(answer: R): void
  reject(error: unknown): void
}

/** A service that answers when it is told to. */
export class Service<R> {
  /** Every question, in the order in which they were asked. */
  readonly asked: string[] = []
  private open: Request<R>[] = []

  /** What is asked, not answered yet, and still of interest. */
  get waiting(): readonly string[] {
    return this.open.map(({ question }) => question)
  }

  readonly ask = (question: string, call: AsyncCallContext): Promise<R> => {
    this.asked.push(question)
    return new Promise((resolve, reject) => {
      const request = { question, call, resolve, reject }
      this.open.push(request)
      call.signal.addEventListener('abort', () => {
        this.open = this.open.filter((each) => each !== request)
      })
    })
  }

  /** The signal of a question that waits. */
  signalOf(question: string): AbortSignal {
    return this.find(question).call.signal
  }

  async answer(question: string, answer: R): Promise<void> {
    this.take(question).resolve(answer)
    await turn()
  }

  async refuse(question: string, error: unknown = new Error('refused')): Promise<void> {
    this.take(question).reject(error)
    await turn()
  }

  private take(question: string): Request<R> {
    const request = this.find(question)
    this.open = this.open.filter((each) => each !== request)
    return request
  }

  private find(question: string): Request<R> {
    const request = this.open.find((each) => each.question === question)
    if (request === undefined) throw new Error(`nobody asks ${question}`)
    return request
  }
}
