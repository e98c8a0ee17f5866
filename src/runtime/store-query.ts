import type { KeyValueRow, PageOptions, RangeOptions, WindowPlace, WindowRow } from '../state/queries.js'
import type { TaskState } from '../state/task-state.js'
import type { VersionRow } from '../state/versioned-view.js'

/** A question to a store, as data: it may have to go to another thread. */
export type StoreQuery =
  | { readonly read: 'get'; readonly store: string; readonly key: unknown }
  | {
      readonly read: 'range'
      readonly store: string
      readonly from: unknown
      readonly to: unknown
      readonly options: PageOptions<unknown>
    }
  | { readonly read: 'window'; readonly store: string; readonly key: unknown; readonly windowStart: number }
  | {
      readonly read: 'fetch'
      readonly store: string
      readonly key: unknown
      readonly from: number
      readonly to: number
    }
  | {
      readonly read: 'fetchAll'
      readonly store: string
      readonly from: number
      readonly to: number
      readonly options: PageOptions<WindowPlace<unknown>>
    }
  | {
      readonly read: 'versions'
      readonly store: string
      readonly key: unknown
      readonly from: number | undefined
      readonly to: number | undefined
      readonly options: RangeOptions
    }

/** A committed row; those of window stores have a window, those of versioned stores a time that they are valid in. */
export type StoreRow =
  | KeyValueRow<unknown, unknown>
  | WindowRow<unknown, unknown>
  | VersionRow<unknown, unknown>

/** Answers from what is committed of one task. */
export async function answerQuery(state: TaskState, query: StoreQuery): Promise<StoreRow[]> {
  const { store } = query
  switch (query.read) {
    case 'get': {
      const found = await state.keyValueView(store).get(query.key)
      return found === undefined ? [] : [{ key: query.key, ...found }]
    }
    case 'range':
      return collect(state.keyValueView(store).range(query.from, query.to, query.options))
    case 'window':
      return state.windowView(store).fetch(query.key, query.windowStart, query.windowStart)
    case 'fetch':
      return state.windowView(store).fetch(query.key, query.from, query.to)
    case 'fetchAll':
      return collect(state.windowView(store).fetchAll(query.from, query.to, query.options))
    case 'versions':
      return state.versionedView(store).versions(query.key, query.from, query.to, query.options)
  }
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const row of rows) collected.push(row)
  return collected
}
