const COLORS = ['1', '2', '3', '4', '5'] as const

/** What is not told apart. */
export const OTHERS = 'others'

/** Colors of the greatest rows: a row keeps its own for as long as it is one of them. */
export class Palette {
  private colors = new Map<string, string>()

  /** Takes the greatest rows, in their order. */
  assign(names: readonly string[]): void {
    const greatest = names.slice(0, COLORS.length)
    const kept = new Map([...this.colors].filter(([name]) => greatest.includes(name)))
    const free = COLORS.filter((color) => ![...kept.values()].includes(color))
    for (const name of greatest) if (!kept.has(name)) kept.set(name, free.shift()!)
    this.colors = kept
  }

  colorOf(name: string): string {
    return this.colors.get(name) ?? OTHERS
  }

  /** The rows with a color of their own, by color. */
  get names(): readonly string[] {
    return [...this.colors].sort(([, left], [, right]) => (left < right ? -1 : 1)).map(([name]) => name)
  }
}
