import { svg } from './elements.js'

const VALUES = 60
const WIDTH = 120
const HEIGHT = 28

/** The last minute of a figure, as a line. */
export class Sparkline {
  private readonly values: number[] = []
  private readonly line = svg('path', { class: 'spark-line' })
  private readonly area = svg('path', { class: 'spark-area' })

  constructor(element: Element) {
    element.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
    element.setAttribute('preserveAspectRatio', 'none')
    element.append(this.area, this.line)
  }

  add(value: number | null): void {
    this.values.push(value ?? 0)
    if (this.values.length > VALUES) this.values.shift()
    this.draw()
  }

  private draw(): void {
    const { values } = this
    const greatest = Math.max(1, ...values)
    const step = WIDTH / (VALUES - 1)
    const first = WIDTH - (values.length - 1) * step
    const points = values.map((value, at) => {
      const y = HEIGHT - 2 - (value / greatest) * (HEIGHT - 4)
      return `${(first + at * step).toFixed(1)} ${y.toFixed(1)}`
    })
    this.line.setAttribute('d', `M${points.join('L')}`)
    this.area.setAttribute('d', `M${first.toFixed(1)} ${HEIGHT}L${points.join('L')}L${WIDTH} ${HEIGHT}Z`)
  }
}
