import { type Catalogue, numberStream } from './inputs.js'

/** What happens to records that cannot be processed. */
export const errors: Catalogue = {
  deser_log_and_fail: (b) => numberStream(b).to('out'),
}
