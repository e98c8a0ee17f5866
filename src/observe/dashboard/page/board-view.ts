import type { Palette } from '../results/palette.js'
import type { ResultRow } from '../results/result-table.js'
import type { ResultColumn } from '../results/results-description.js'
import { byId, html, setText, stillness } from './elements.js'
import { figure, mean } from './format.js'

const MOVE_MS = 300

interface BoardRow {
  readonly element: HTMLTableRowElement
  readonly mark: HTMLElement
  readonly bar: HTMLElement
  readonly figures: readonly HTMLElement[]
}

/** The table of the greatest rows, in their order; rows move to their new places. */
export class BoardView {
  private readonly body = byId('rows')
  private readonly shown = new Map<string, BoardRow>()

  constructor(private readonly columns: readonly ResultColumn[]) {}

  show(rows: readonly ResultRow[], palette: Palette): void {
    const before = this.tops()
    const names = new Set(rows.map(({ name }) => name))
    for (const [name, row] of this.shown) {
      if (names.has(name)) continue
      row.element.remove()
      this.shown.delete(name)
    }
    const greatest = Math.max(0, ...rows.map(({ figures }) => figures[0]!))
    for (const [place, row] of rows.entries()) {
      const { element } = this.fill(row, greatest, palette)
      if (this.body.children[place] !== element)
        this.body.insertBefore(element, this.body.children[place] ?? null)
    }
    if (!stillness.matches) this.move(before)
  }

  private fill({ name, figures }: ResultRow, greatest: number, palette: Palette): BoardRow {
    const row = this.shown.get(name) ?? this.add(name)
    for (const [at, { combine }] of this.columns.entries()) {
      setText(row.figures[at]!, (combine === 'mean' ? mean : figure)(figures[at]!))
    }
    const share = greatest > 0 ? Math.max(0, figures[0]!) / greatest : 0
    row.bar.style.transform = `scaleX(${share.toFixed(4)})`
    const color = palette.colorOf(name)
    row.mark.dataset.color = color
    row.bar.dataset.color = color
    return row
  }

  private add(name: string): BoardRow {
    const mark = html('span', { class: 'mark', 'aria-hidden': 'true' })
    const bar = html('span', { class: 'bar', 'aria-hidden': 'true' })
    const figures = this.columns.map(() => html('span', { class: 'number' }))
    const cells = figures.map((number, at) =>
      at === 0 ? html('td', { class: 'measured' }, bar, number) : html('td', {}, number),
    )
    const element = html('tr', {}, html('th', { scope: 'row' }, mark, name), ...cells)
    const row = { element, mark, bar, figures }
    this.shown.set(name, row)
    return row
  }

  private tops(): ReadonlyMap<BoardRow, number> {
    return new Map([...this.shown.values()].map((row) => [row, row.element.offsetTop]))
  }

  /** Has rows come from where they were. */
  private move(before: ReadonlyMap<BoardRow, number>): void {
    for (const row of this.shown.values()) {
      const from = before.get(row)
      const to = row.element.offsetTop
      if (from === undefined || from === to) continue
      // What goes up is before what goes down.
      row.element.classList.toggle('rising', to < from)
      row.element.animate([{ transform: `translateY(${from - to}px)` }, { transform: 'none' }], {
        duration: MOVE_MS,
        easing: 'ease-out',
      })
    }
  }
}
