import { OTHERS, type Palette } from '../results/palette.js'
import { type SeriesStep, type ShownSeries, stepOf } from '../results/shown-results.js'
import { byId, setText, svg } from './elements.js'
import { brief, hour, span } from './format.js'

const MARGIN = { top: 12, right: 4, bottom: 26, left: 40 }
const GRID_LINES = 3
const GAP = 0.22
const LABEL_EVERY = 6

/** The first column of results over event time: a column a step, the greatest rows told apart by their colors. */
export class ChartView {
  private readonly element = byId('chart')
  private readonly caption = byId('chart-caption')
  private drawn: ShownSeries | undefined
  private colors: readonly string[] = []

  constructor(
    private readonly title: string,
    private readonly lastHours: number,
  ) {
    new ResizeObserver(() => this.draw()).observe(this.element)
  }

  show(series: ShownSeries, palette: Palette): void {
    this.drawn = series
    this.colors = series.names.map((name) => palette.colorOf(name))
    this.draw()
    const each = span(stepOf(this.lastHours)).replace(/^1 /, '')
    const named = series.names.join(', ')
    setText(this.caption, `${this.title} each ${each} of event time, all rows; in color ${named}`)
  }

  private draw(): void {
    if (this.drawn === undefined) return
    const { steps } = this.drawn
    const { clientWidth: width, clientHeight: height } = this.element
    // It is not laid out yet, or no more; when it is, it has another size.
    if (width === 0) return
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`)
    const greatest = niceCeiling(Math.max(1, ...steps.map(({ total }) => total)))
    const y = (value: number): number =>
      height - MARGIN.bottom - (value / greatest) * (height - MARGIN.top - MARGIN.bottom)
    const column = (width - MARGIN.left - MARGIN.right) / Math.max(1, steps.length)
    const grid = Array.from({ length: GRID_LINES + 1 }, (_, at) =>
      gridLine((greatest * at) / GRID_LINES, y, width),
    )
    const columns = steps.map((step, at) => {
      const x = MARGIN.left + at * column
      return svg(
        'g',
        {},
        ...segments(step, this.colors, { x: x + (column * GAP) / 2, width: column * (1 - GAP), y }),
      )
    })
    const labels = steps.flatMap(({ start }, at) =>
      at % LABEL_EVERY === 0
        ? [svg('text', { class: 'axis', x: MARGIN.left + at * column + 2, y: height - 8 }, hour(start))]
        : [],
    )
    this.element.replaceChildren(...grid, ...columns, ...labels)
  }
}

function gridLine(value: number, y: (value: number) => number, width: number): SVGGElement {
  const at = Math.round(y(value)) + 0.5
  return svg(
    'g',
    {},
    svg('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }),
    svg('text', { class: 'axis', x: MARGIN.left - 6, y: at + 4, 'text-anchor': 'end' }, brief(value)),
  )
}

interface Place {
  readonly x: number
  readonly width: number
  y(value: number): number
}

function segments(
  { total, parts }: SeriesStep,
  colors: readonly string[],
  { x, width, y }: Place,
): SVGRectElement[] {
  const others = total - parts.reduce((sum, part) => sum + part, 0)
  let below = 0
  return [...parts, others].flatMap((value, at) => {
    if (value <= 0) return []
    const top = y(below + value)
    const height = y(below) - top
    below += value
    return [svg('rect', { class: 'segment', 'data-color': colors[at] ?? OTHERS, x, width, y: top, height })]
  })
}

/** The least of 1.5, 3, 6, 9, 15, 30 and so on that is not less: thirds of it can be read. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1.5, 3, 6, 9, 15].find((each) => each * power >= value)!
  return factor * power
}
