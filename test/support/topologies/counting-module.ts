import { countingTopology } from '../counting.js'

/** What the module's URL asks for: `?input=...&output=...`, and `&refuse=VALUE`: the function `check` throws on it. */
const asked = new URL(import.meta.url).searchParams

export default () =>
  countingTopology(asked.get('input')!, asked.get('output')!, (value) => {
    if (value === asked.get('refuse')) throw new TypeError(`${value} is refused`)
  })
