import type { ScalingResult } from './scaling-bench.js'
import { AXIS_NAMES, type Axis } from './scaling-cases.js'

const PANEL = { width: 230, height: 220, gap: 20 }
const MARGIN = { top: 50, bottom: 40 }
const BAR = { width: 44, gap: 24 }
const TITLES: Readonly<Record<Axis, string>> = {
  keys: 'keys',
  valueBytes: 'bytes of a value',
  partitions: 'partitions',
  headers: 'headers',
}

/** Bars of records per second, a panel an axis, all of one scale, as an SVG document. */
export function scalingPlot(results: readonly ScalingResult[]): string {
  const axes = AXIS_NAMES.filter((axis) => results.some((result) => result.axis === axis))
  const most = Math.max(...results.map(({ recordsPerSecond }) => recordsPerSecond))
  const width = axes.length * (PANEL.width + PANEL.gap) + PANEL.gap
  const height = MARGIN.top + PANEL.height + MARGIN.bottom
  const panels = axes.map((axis, index) => {
    const x = PANEL.gap + index * (PANEL.width + PANEL.gap)
    return panel(
      axis,
      results.filter((result) => result.axis === axis),
      most,
      x,
    )
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(width / 2, 20, 'thousand records per second', 'middle'),
    ...panels,
    '</svg>',
    '',
  ].join('\n')
}

function panel(axis: Axis, results: readonly ScalingResult[], most: number, x: number): string {
  const bottom = MARGIN.top + PANEL.height
  const used = results.length * (BAR.width + BAR.gap) - BAR.gap
  const left = x + (PANEL.width - used) / 2
  const bars = results.map(({ size, recordsPerSecond }, index) => {
    const at = left + index * (BAR.width + BAR.gap)
    const barHeight = (recordsPerSecond / most) * (PANEL.height - 20)
    const middle = at + BAR.width / 2
    return [
      `<rect x="${at}" y="${(bottom - barHeight).toFixed(1)}" width="${BAR.width}" height="${barHeight.toFixed(1)}" fill="#3b6ea5"/>`,
      text(middle, bottom - barHeight - 5, Math.round(recordsPerSecond / 1000).toString(), 'middle'),
      text(middle, bottom + 16, short(size), 'middle'),
    ].join('\n')
  })
  return [
    `<line x1="${x}" y1="${bottom}" x2="${x + PANEL.width}" y2="${bottom}" stroke="#888888"/>`,
    ...bars,
    text(x + PANEL.width / 2, bottom + 34, TITLES[axis], 'middle'),
  ].join('\n')
}

const text = (x: number, y: number, content: string, anchor: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#222222">${content}</text>`

/** 10,000 as 10 k, 5,000,000 as 5 M. */
function short(size: number): string {
  if (size >= 1_000_000) return `${size / 1_000_000} M`
  return size >= 10_000 ? `${size / 1_000} k` : size.toLocaleString('en-US')
}
