/**
 * Event time of an input for which nothing happens where it arrives: it is written where it comes from and looked up where it
 * is needed, and nobody is told. Without that, each record would have to carry it through all operators. In an array of
 * doubles, which are written without making objects.
 */
export class QuietTime {
  private readonly numbers = Float64Array.of(-1, Number.NEGATIVE_INFINITY)

  /** How far time has passed; -1: none has. */
  get now(): number {
    return this.numbers[0]!
  }

  /** Up to which time nothing happens, from now on. Negative infinity: everybody is to be told of all. */
  set until(time: number) {
    this.numbers[1] = time
  }

  /** Lets time go on. @returns false: something happens for it, so that it has to be told */
  pass(time: number): boolean {
    const { numbers } = this
    if (!(time < numbers[1]!)) return false
    if (time > numbers[0]!) numbers[0] = time
    return true
  }
}
