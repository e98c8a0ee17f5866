import type { Status } from '../status.js'
import { byId, setText } from './elements.js'
import { brief, count, eventTime, figure, span } from './format.js'
import { Sparkline } from './sparkline.js'

/** One of the great figures: its value, a line of detail, and how it was. */
class FigureView {
  private readonly value: Element
  private readonly detail: Element
  private readonly spark: Sparkline

  constructor(id: string) {
    const element = byId(id)
    this.value = element.querySelector('[data-value]')!
    this.detail = element.querySelector('[data-detail]')!
    this.spark = new Sparkline(element.querySelector('.spark')!)
  }

  show(value: string, detail: string, drawn: number | null): void {
    setText(this.value, value)
    setText(this.detail, detail)
    this.spark.add(drawn)
  }
}

/** Throughput, lag, event time and commits. */
export class FiguresView {
  private readonly throughput = new FigureView('throughput')
  private readonly lag = new FigureView('lag')
  private readonly eventTime = new FigureView('event-time')
  private readonly commits = new FigureView('commits')

  show(status: Status): void {
    const { recordsPerSecond, records, lag, eventTimePerSecond, commitsPerSecond } = status
    this.throughput.show(count(recordsPerSecond), `${count(records)} since the start`, recordsPerSecond)
    this.lag.show(count(lag), lagDetail(status), lag)
    this.eventTime.show(eventTime(status.streamTime), timeDetail(status), eventTimePerSecond)
    this.commits.show(figure(commitsPerSecond), commitDetail(status), commitsPerSecond)
  }
}

function lagDetail({ lag, recordsPerSecond }: Status): string {
  if (lag === null) return ''
  if (lag === 0) return 'everything is processed'
  return recordsPerSecond === null || recordsPerSecond < 1
    ? ''
    : `${span((lag / recordsPerSecond) * 1000)} at this rate`
}

function timeDetail({ streamTime, watermark, eventTimePerSecond }: Status): string {
  if (watermark !== null && streamTime !== null) {
    return `watermark ${eventTime(watermark)}, ${span(Math.max(0, streamTime - watermark))} behind`
  }
  return eventTimePerSecond === null || eventTimePerSecond < 1 ? '' : `${span(eventTimePerSecond)} a second`
}

function commitDetail({ commitMs, outputPerSecond, dropped }: Status): string {
  const details = [
    commitMs === null ? [] : `${count(commitMs)} ms each`,
    outputPerSecond === null ? [] : `${brief(outputPerSecond)} results/s`,
    dropped === 0 ? [] : `${count(dropped)} dropped`,
  ]
  return details.flat().join(' · ')
}
