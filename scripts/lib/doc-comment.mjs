const TAG = /^@(\w+)\s*(.*)$/

/** A doc comment as `{ text, tags: [{ tag, text }], examples: [code] }`; empty where there is none. */
export const readComment = (comment) => {
  const parts = [{ tag: undefined, lines: [] }]
  for (const line of linesOf(comment)) {
    const match = TAG.exec(line)
    if (match === null) parts.at(-1).lines.push(line)
    else parts.push({ tag: match[1], lines: [match[2]] })
  }
  const [{ lines }, ...tagged] = parts
  const tags = tagged.map(({ tag, lines }) => ({ tag, text: lines.join('\n').trim() }))
  return {
    text: lines.join('\n').trim(),
    tags: tags.filter(({ tag }) => tag !== 'example'),
    examples: tags.filter(({ tag }) => tag === 'example').map(({ text }) => codeOf(text)),
  }
}

const linesOf = (comment) =>
  comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())

const codeOf = (text) => {
  const match = /^```ts\n([\s\S]*)\n```$/.exec(text)
  if (match === null) throw new Error(`an @example is one block of TypeScript, but this is: ${text}`)
  return match[1]
}
