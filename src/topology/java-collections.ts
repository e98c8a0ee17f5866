/**
 * The iteration orders of Java's HashSet and TreeSet, which show in the text of Kafka Streams'
 * `Topology.describe()`. They are reproduced only so that the text of the same topology is the same.
 */

const INITIAL_CAPACITY = 16
const LOAD_FACTOR = 0.75

/** The order in which a Java HashSet, filled one by one in the given order, iterates over strings. */
export function hashSetOrder(strings: readonly string[]): string[] {
  let capacity = INITIAL_CAPACITY
  while (strings.length > capacity * LOAD_FACTOR) capacity *= 2
  return [...strings].sort((left, right) => bucketOf(left, capacity) - bucketOf(right, capacity))
}

function bucketOf(text: string, capacity: number): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 16)) & (capacity - 1)
}

interface TreeNode<T> {
  readonly item: T
  red: boolean
  parent: TreeNode<T> | undefined
  left: TreeNode<T> | undefined
  right: TreeNode<T> | undefined
}

/**
 * A Java TreeSet (a red-black tree). A sorted array is not the same: Kafka Streams' comparator changes its mind
 * while the set is filled, so where an item ends up depends on whom it meets on its way down.
 */
export class TreeSet<T> {
  private root: TreeNode<T> | undefined

  constructor(private readonly compare: (left: T, right: T) => number) {}

  add(item: T): void {
    let parent: TreeNode<T> | undefined
    let order = 0
    for (let at = this.root; at !== undefined; at = order < 0 ? at.left : at.right) {
      parent = at
      order = this.compare(item, at.item)
      if (order === 0) return
    }
    const node: TreeNode<T> = { item, red: true, parent, left: undefined, right: undefined }
    if (parent === undefined) this.root = node
    else if (order < 0) parent.left = node
    else parent.right = node
    this.rebalance(node)
  }

  *[Symbol.iterator](): Generator<T> {
    yield* inOrder(this.root)
  }

  private rebalance(added: TreeNode<T>): void {
    let node = added
    while (node.parent?.red === true) {
      const parent: TreeNode<T> = node.parent
      const grandparent = parent.parent!
      const onLeft = parent === grandparent.left
      const uncle = onLeft ? grandparent.right : grandparent.left
      if (uncle?.red === true) {
        parent.red = false
        uncle.red = false
        grandparent.red = true
        node = grandparent
      } else {
        const inner = onLeft ? parent.right : parent.left
        if (node === inner) {
          node = parent
          this.rotate(node, onLeft)
        }
        node.parent!.red = false
        grandparent.red = true
        this.rotate(grandparent, !onLeft)
      }
    }
    this.root!.red = false
  }

  /** Puts a child of `node` into its place: the right child when turning left. */
  private rotate(node: TreeNode<T>, toLeft: boolean): void {
    const child = (toLeft ? node.right : node.left)!
    const moved = toLeft ? child.left : child.right
    if (toLeft) node.right = moved
    else node.left = moved
    if (moved !== undefined) moved.parent = node
    child.parent = node.parent
    if (node.parent === undefined) this.root = child
    else if (node.parent.left === node) node.parent.left = child
    else node.parent.right = child
    if (toLeft) child.left = node
    else child.right = node
    node.parent = child
  }
}

function* inOrder<T>(node: TreeNode<T> | undefined): Generator<T> {
  if (node === undefined) return
  yield* inOrder(node.left)
  yield node.item
  yield* inOrder(node.right)
}
