import type { KStream, KTable, Windowed } from '../../src/index.js'

/** The rows of windows as records of their keys: the start of the window, and what is in it. */
export const rowsByStart = (rows: KTable<Windowed<string>, string>): KStream<string, string> =>
  rows.toStream().map(({ key, window }, value) => [key, `${window.start} ${value}`])
