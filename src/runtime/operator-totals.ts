/** Figures of an operator of a task. */
interface OperatorFigures {
  readonly task: string
  readonly operator: string
}

const keyOf = ({ task, operator }: OperatorFigures): string => `${task} ${operator}`

/** Figures of operators over all lives of their tasks in a thread: what an operator counts begins at 0 in each. */
export class OperatorTotals<K extends string, M extends OperatorFigures & Readonly<Record<K, number>>> {
  private readonly ended = new Map<string, M>()

  /**
   * @param counts the figures that count upwards
   * @param gone what the others are where the operator is there no more
   */
  constructor(
    private readonly counts: readonly K[],
    private readonly gone: Partial<M>,
  ) {}

  /** Takes note of what operators came to that are there no more. */
  end(operators: readonly M[]): void {
    for (const figures of operators) {
      this.ended.set(keyOf(figures), { ...this.withFormer(figures), ...this.gone })
    }
  }

  /** @param present of the operators that there are */
  over(present: readonly M[]): M[] {
    const here = new Set(present.map(keyOf))
    const gone = [...this.ended.values()].filter((figures) => !here.has(keyOf(figures)))
    return [...present.map((figures) => this.withFormer(figures)), ...gone]
  }

  private withFormer(figures: M): M {
    const former = this.ended.get(keyOf(figures))
    if (former === undefined) return figures
    const counts = this.counts.map((name) => [name, figures[name] + former[name]])
    return { ...figures, ...Object.fromEntries(counts) }
  }
}
