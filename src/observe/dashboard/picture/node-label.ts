const GENERATED = /^(?:KSTREAM|KTABLE)-(.+)-\d{10}$/

/** Leaves out what has no key before a repartition; the name begins with that of the topic. */
const REPARTITION_FILTER = '-repartition-filter'
/** What is written as one word, and is none. */
const GLUED = /(?<=[a-z])(values|stream|table)$/

/** A name as a picture has room for it: of a generated one what the operator is. */
export function nodeLabel(name: string): string {
  if (name.endsWith(REPARTITION_FILTER)) return 'repartition filter'
  const [, operator] = GENERATED.exec(name) ?? []
  return operator === undefined ? name : operator.toLowerCase().replaceAll('-', ' ').replace(GLUED, ' $1')
}

const MOST = 26

/** Cut in the middle, where it is long: what tells names apart is often at their ends. */
export function shortened(text: string, most = MOST): string {
  if (text.length <= most) return text
  const kept = most - 1
  return `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`
}
