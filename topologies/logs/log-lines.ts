/** A line of a service's log, keyed by its host. */
export interface LogLine {
  readonly service: string
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
}

const START = Date.UTC(2026, 0, 1, 12)
const LINES = 6_000
const MILLIS_PER_LINE = 100
/** The payment provider is down for two minutes. */
const OUTAGE = { from: START + 240_000, to: START + 360_000 }

const USUAL: readonly (readonly [service: string, level: LogLine['level'], message: string])[] = [
  ['checkout', 'info', 'order # placed'],
  ['checkout', 'info', 'cart of user # opened'],
  ['checkout', 'warning', 'stock of item # is low'],
  ['checkout', 'error', 'order # rejected: card expired'],
  ['search', 'info', 'query answered in # ms'],
  ['search', 'info', 'query answered in # ms'],
  ['search', 'error', 'query took # ms: gave up'],
  ['images', 'info', 'thumbnail # rendered'],
  ['images', 'info', 'thumbnail # served from cache'],
]
const DURING_OUTAGE = ['checkout', 'error', 'payment # failed: connection to 10.0.0.7:443 refused'] as const

/** Numbers in [0, 1) that are the same every time. */
function* chances(): Generator<number, never> {
  for (let state = 7; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

/** Ten minutes of the logs of a small shop, from three hosts. Some lines come up to three seconds late. */
export function logLines() {
  const chance = chances()
  const pick = (count: number): number => Math.floor(chance.next().value * count)
  return Array.from({ length: LINES }, (_, line) => {
    const now = START + line * MILLIS_PER_LINE
    const down = now >= OUTAGE.from && now < OUTAGE.to && pick(3) === 0
    const [service, level, text] = down ? DURING_OUTAGE : USUAL[pick(USUAL.length)]!
    const message = text.replace('#', String(pick(100_000)))
    return {
      topic: 'logs',
      key: `host-${pick(3)}`,
      value: JSON.stringify({ service, level, message } satisfies LogLine),
      timestamp: now - (pick(20) === 0 ? pick(3_000) : 0),
    }
  })
}
