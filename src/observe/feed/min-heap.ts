/** What waits in order of a number, the least first. */
export class MinHeap<T> {
  private readonly items: T[] = []

  constructor(private readonly orderOf: (item: T) => number) {}

  get size(): number {
    return this.items.length
  }

  /** The first one; undefined where there is none. */
  get first(): T | undefined {
    return this.items[0]
  }

  push(item: T): void {
    const { items, orderOf } = this
    const order = orderOf(item)
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (orderOf(items[parent]!) <= order) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  /** Takes the first one off. */
  shift(): T | undefined {
    const { items } = this
    const [first] = items
    const last = items.pop()
    if (items.length > 0) this.sink(last!)
    return first
  }

  private sink(item: T): void {
    const { items, orderOf } = this
    const order = orderOf(item)
    let at = 0
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && orderOf(items[child + 1]!) < orderOf(items[child]!)) child++
      if (orderOf(items[child]!) >= order) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
  }
}
