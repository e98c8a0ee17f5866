import { type Event, KEPT_TYPE } from '../workloads.js'

/** The workloads whose outputs tell which records of the input they stand for. */
export const LATENCY_WORKLOADS = ['filter-map', 'count'] as const

export type LatencyWorkload = (typeof LATENCY_WORKLOADS)[number]

/** Keeps the account of how long records take from the append of the input to the commit of the output. */
export abstract class LatencyLedger {
  /** Of each record whose output is committed, in milliseconds; those before `measuredFrom` are left out. */
  readonly latencies: number[] = []
  private readonly appendedAt = new Map<number, number>()

  /** @param measuredFrom id of the first event that counts */
  constructor(private readonly measuredFrom: number) {}

  /** Records that have no committed output yet. */
  get outstanding(): number {
    return this.appendedAt.size
  }

  /** An event of the input is appended now. */
  abstract appended(event: Event, atMs: number): void

  /** An output record was seen by who reads committed records only. */
  abstract committed(key: string, value: Buffer, atMs: number): void

  protected open(id: number, atMs: number): void {
    this.appendedAt.set(id, atMs)
  }

  protected settle(id: number, atMs: number): void {
    const appendedAt = this.appendedAt.get(id)
    if (appendedAt === undefined) throw new Error(`the output has event ${id}, which does not wait for any`)
    this.appendedAt.delete(id)
    if (id >= this.measuredFrom) this.latencies.push(atMs - appendedAt)
  }
}

/** Each event that is kept has an output of its own, with its id. */
class FilterMapLedger extends LatencyLedger {
  appended({ id, type }: Event, atMs: number): void {
    if (type === KEPT_TYPE) this.open(id, atMs)
  }

  committed(_key: string, value: Buffer, atMs: number): void {
    this.settle(JSON.parse(value.toString()).id, atMs)
  }
}

/** A count of n stands for the first n events of its user, of which some may have had no output of their own. */
class CountLedger extends LatencyLedger {
  private readonly users = new Map<string, { readonly ids: number[]; counted: number }>()

  appended({ id, user }: Event, atMs: number): void {
    this.open(id, atMs)
    const account = this.users.get(user)
    if (account === undefined) this.users.set(user, { ids: [id], counted: 0 })
    else account.ids.push(id)
  }

  committed(key: string, value: Buffer, atMs: number): void {
    const account = this.users.get(key)
    if (account === undefined) throw new Error(`the output has a count of ${key}, who has no events`)
    const count = Number(value.readBigInt64BE())
    for (; account.counted < count; account.counted++) this.settle(account.ids[account.counted]!, atMs)
  }
}

export function latencyLedger(workload: LatencyWorkload, measuredFrom: number): LatencyLedger {
  return workload === 'filter-map' ? new FilterMapLedger(measuredFrom) : new CountLedger(measuredFrom)
}
