import type { PageResults } from '../page-description.js'
import { Palette } from '../results/palette.js'
import { hasSeries, type ShownResults } from '../results/shown-results.js'
import { BoardView } from './board-view.js'
import { ChartView } from './chart-view.js'
import { byId } from './elements.js'

/** What changes more often is shown so often. */
const INTERVAL_MS = 500

/** The results: chart and table. */
export class ResultsView {
  private readonly board: BoardView
  private readonly chart: ChartView | undefined
  private readonly palette = new Palette()
  private waiting: ((palette: Palette) => ShownResults) | undefined
  private resting = false

  constructor(description: PageResults) {
    this.board = new BoardView(description.columns)
    if (hasSeries(description))
      this.chart = new ChartView(description.columns[0]!.title, description.lastHours!)
  }

  /** Shows results, as they are when there is time for it. */
  show(results: (palette: Palette) => ShownResults): void {
    this.waiting = results
    if (this.resting) return
    this.resting = true
    requestAnimationFrame(() => {
      this.draw()
      setTimeout(() => {
        this.resting = false
        if (this.waiting !== undefined) this.show(this.waiting)
      }, INTERVAL_MS)
    })
  }

  private draw(): void {
    const { waiting, palette } = this
    if (waiting === undefined) return
    this.waiting = undefined
    const { rows, series } = waiting(palette)
    if (series !== undefined) this.chart?.show(series, palette)
    this.board.show(rows, palette)
    byId('waiting').hidden = rows.length > 0
  }
}
