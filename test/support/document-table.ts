/** A cell of a Markdown table as it reads: without anchors and code marks. */
export const plain = (cell: string): string =>
  cell
    .replace(/<a id="[^"]*"><\/a>/g, '')
    .replaceAll('`', '')
    .trim()

/** What a message in a cell stands for: the whole message, with any text in place of `<...>`. */
export const messageOf = (cell: string): RegExp => {
  const literal = plain(cell).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/<[^<>]+>/g, '.+')}$`, 's')
}

/** The rows of the tables in a document, each as its cells; heads and rules are left out. */
export const rowsOf = (document: string): readonly (readonly string[])[] =>
  document
    .split('\n')
    .filter((line, index, lines) => {
      const isRule = (other: string | undefined) => other?.startsWith('|---') ?? false
      return line.startsWith('| ') && !isRule(line) && !isRule(lines[index + 1])
    })
    .map((line) => line.slice(1, -1).split(' | '))
