import type { SchemaChange } from '../../serdes/schema-registry/evolution/schema-change.js'
import type { ReviewedChange, SchemaReview } from './schema-review.js'

const WIDTH = 110

/** What a registry says of a schema, for people. */
export function reviewText(review: SchemaReview): string {
  const { subject, comparisons, warnings } = review
  const lines = [`${subject}: ${statusInWords(review)}`]
  for (const { version, changes } of comparisons) {
    lines.push(`  changes since version ${version}${changes.length === 0 ? ': none' : ''}`)
    lines.push(...changes.flatMap((change) => changeLines(change, markOf(change))))
  }
  for (const warning of warnings) lines.push(...wrapped(`note: ${warning}`, '  ', '        '))
  return `${lines.join('\n')}\n`
}

function statusInWords({ status, version, id, compatibility, comparisons }: SchemaReview): string {
  const against = comparisons.map((each) => each.version).join(', ')
  const rule =
    compatibility === 'NONE' ? 'NONE: anything goes' : `${compatibility}, against version ${against}`
  switch (status) {
    case 'registered':
      return `is version ${version ?? '?'}, id ${id}`
    case 'new':
      return `has no version yet (${compatibility})`
    case 'compatible':
      return `compatible (${rule})`
    case 'refused':
      return `refused (${rule})`
  }
}

const markOf = ({ breaks }: ReviewedChange): string => (breaks ? 'BREAKS' : 'allowed')

/** What has changed from one schema to another, for people. */
export const diffText = (from: string, to: string, changes: readonly SchemaChange[]): string =>
  `${from} to ${to}\n${changesText(changes)}`

const changesText = (changes: readonly SchemaChange[]): string =>
  changes.length === 0
    ? 'no changes\n'
    : `${changes.flatMap((change) => changeLines(change, verdictInWords(change))).join('\n')}\n`

function verdictInWords({ backward, forward }: SchemaChange): string {
  if (backward && forward) return 'safe'
  return backward ? 'backward only' : forward ? 'forward only' : 'BREAKS'
}

const MARK_WIDTH = 15

function changeLines({ path, what, why }: SchemaChange, mark: string): string[] {
  const start = `    ${mark.padEnd(MARK_WIDTH)}`
  const indent = ' '.repeat(start.length)
  return [`${start}${path === '' ? '' : `${path}: `}${what}`, ...wrapped(why, indent, indent)]
}

/** A sentence in lines that are not too long. */
function wrapped(text: string, first: string, next: string): string[] {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    const isStart = line === first || line === next
    if (!isStart && line.length + word.length >= WIDTH) {
      lines.push(line)
      line = next + word
    } else line += isStart ? word : ` ${word}`
  }
  return [...lines, line]
}
