/** Reads live feeds in a browser, or wherever there is `fetch`; needs nothing else of Millrace. */
export type { DeleteMessage, FeedMessage, FeedWindow, UpsertMessage } from './feed-message.js'
export { type FeedChange, type FeedRow, rowId } from './feed-rows.js'
export { type Feed, FeedError, type FeedState, type SubscribeOptions, subscribe } from './subscribe.js'
