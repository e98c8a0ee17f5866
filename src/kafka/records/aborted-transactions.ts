import type { AbortedTransaction } from './fetched-chunk.js'

const byFirstOffset = (a: AbortedTransaction, b: AbortedTransaction): number => a.firstOffset - b.firstOffset

const isSorted = (transactions: readonly AbortedTransaction[]): boolean => {
  for (let index = 1; index < transactions.length; index++) {
    if (transactions[index]!.firstOffset < transactions[index - 1]!.firstOffset) return false
  }
  return true
}

/**
 * Which producers are inside an aborted transaction at the present position of a partition. Batches must be shown
 * in offset order: a producer's range begins at the first offset that the broker named and ends at its ABORT marker.
 */
export class AbortedTransactions {
  private transactions: readonly AbortedTransaction[] = []
  private next = 0
  private readonly aborting = new Set<number>()

  /** Starts anew with the aborted transactions of a fetch response, in any order. */
  open(transactions: readonly AbortedTransaction[]): void {
    this.transactions = isSorted(transactions) ? transactions : transactions.toSorted(byFirstOffset)
    this.next = 0
    this.aborting.clear()
  }

  /** Takes in the transactions that began at or before `offset`. */
  advanceTo(offset: number): void {
    const { transactions } = this
    while (this.next < transactions.length && transactions[this.next]!.firstOffset <= offset) {
      this.aborting.add(transactions[this.next]!.producerId)
      this.next++
    }
  }

  /** An ABORT marker of a producer: its next records belong to another transaction. */
  end(producerId: number): void {
    this.aborting.delete(producerId)
  }

  /** Whether transactional records of this producer are part of an aborted transaction. */
  covers(producerId: number): boolean {
    return this.aborting.has(producerId)
  }
}
