/** What the input of a case is like. */
export interface Shape {
  readonly keys: number
  readonly valueBytes: number
  readonly partitions: number
  readonly headers: number
}

export type Axis = keyof Shape

/** What is the same in all cases of the other axes. */
export const BASE: Shape = { keys: 10_000, valueBytes: 100, partitions: 10, headers: 0 }

export const AXES: Readonly<Record<Axis, readonly number[]>> = {
  keys: [10_000, 1_000_000, 5_000_000],
  valueBytes: [100, 1_000, 10_000],
  partitions: [1, 10, 100],
  headers: [0, 5],
}

export const AXIS_NAMES = Object.keys(AXES) as Axis[]

/** A case of an axis: the base but for one size. */
export interface ScalingCase {
  readonly axis: Axis
  readonly size: number
  readonly shape: Shape
  readonly records: number
}

export interface CaseLimits {
  readonly records: number
  /** Of all values of a case: large ones come less often. */
  readonly valueBytes: number
  /** Numbers of keys are divided by it. */
  readonly keyDivisor: number
}

/** The cases of these axes; each key comes about once at least. */
export function casesOf(axes: readonly Axis[], limits: CaseLimits): ScalingCase[] {
  return axes.flatMap((axis) =>
    AXES[axis].map((size) => {
      const shape = { ...BASE, [axis]: size }
      const keys = Math.ceil(shape.keys / limits.keyDivisor)
      const fitting = Math.ceil(limits.valueBytes / shape.valueBytes)
      return {
        axis,
        size,
        shape: { ...shape, keys },
        records: Math.min(Math.max(limits.records, keys), fitting),
      }
    }),
  )
}
