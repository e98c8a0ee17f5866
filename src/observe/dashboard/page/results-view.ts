import type { PageResults } from '../page-description.js'
import { Palette } from '../results/palette.js'
import { hasSeries } from '../results/window-series.js'
import { BoardView } from './board-view.js'
import { ChartView } from './chart-view.js'
import { byId } from './elements.js'
import type { Results } from './results-source.js'

/** What changes more often is shown so often. */
const INTERVAL_MS = 500

/** The results: chart and table. */
export class ResultsView {
  private readonly board: BoardView
  private readonly chart: ChartView | undefined
  private readonly palette = new Palette()
  private waiting: Results | undefined
  private resting = false

  constructor(description: PageResults) {
    this.board = new BoardView(description.columns)
    if (hasSeries(description))
      this.chart = new ChartView(description.columns[0]!.title, description.lastHours!)
  }

  /** Shows results, as they are when there is time for it. */
  show(results: Results): void {
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
    const rows = waiting.rows()
    if (this.chart !== undefined) {
      palette.assign(rows.map(({ name }) => name))
      this.chart.show(waiting.series(palette.names), palette)
    }
    this.board.show(rows, palette)
    byId('waiting').hidden = rows.length > 0
  }
}
