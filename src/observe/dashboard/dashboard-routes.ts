import { type KafkaStreams, surroundingsOf } from '../../runtime/kafka-streams.js'
import { TopicNames } from '../../runtime/topic-names.js'
import { answer, answerText } from '../http/answer.js'
import type { Route } from '../http/route.js'
import { topologyDescription } from '../topology/topology-description.js'
import { loadPageAssets, type PageAsset, STYLE_PATH } from './page-assets.js'
import { type PageDescription, STATUS_PATH } from './page-description.js'
import { pageHtml } from './page-html.js'
import type { ResultsDescription } from './results/results-description.js'
import type { ShownResults } from './results/shown-results.js'
import { StatusSampler } from './status-sampler.js'
import { StatusStream } from './status-stream.js'

/** Results to show, and where they come from. */
export interface DashboardResults extends ResultsDescription {
  /**
   * `{ store }`: the feed of a store, which `feedRoutes` serves beside the page. A row's fields are those of its value, its
   * key under the name of `row`, the start of its window under that of `windowStart`. Else the results as they are to be shown.
   */
  readonly from: { readonly store: string } | (() => ShownResults)
}

export interface DashboardOptions {
  /** Heading of the page; default: the id of the application. */
  readonly title?: string
  /** Default: none are shown. */
  readonly results?: DashboardResults
}

/**
 * Serves a page that shows an application while it runs, at `/`: throughput, lag, event time, the topology with what flows
 * through it, and results. It loads nothing from elsewhere.
 *
 * @example
 * ```ts
 * const routes = [...dashboardRoutes(streams), ...feedRoutes(streams), topologyRoute(streams)]
 * const server = await httpServer({ port: 8080, routes })
 * ```
 */
export function dashboardRoutes(streams: KafkaStreams, options: DashboardOptions = {}): readonly Route[] {
  const description = describe(streams, options)
  const sampler = samplerOf(streams, options)
  const status = new StatusStream(() => sampler.sample())
  let assets: Promise<ReadonlyMap<string, PageAsset>> | undefined
  const loaded = (): Promise<ReadonlyMap<string, PageAsset>> => {
    assets ??= loadPageAssets()
    return assets
  }
  return [
    {
      method: 'GET',
      path: '/',
      async handle(_, response) {
        const modules = [...(await loaded()).keys()].filter((path) => path.endsWith('.js'))
        const html = pageHtml(description, {
          style: addressOf(STYLE_PATH),
          modules: modules.map(addressOf),
        })
        response.setHeader('content-security-policy', POLICY)
        response.setHeader('referrer-policy', 'no-referrer')
        answer(response, 200, 'text/html; charset=utf-8', html)
      },
    },
    {
      method: 'GET',
      path: `${ASSETS}*`,
      async handle(_, response, url) {
        const asset = (await loaded()).get(url.pathname.slice(ASSETS.length))
        if (asset === undefined) answerText(response, 404, `there is nothing at ${url.pathname}\n`)
        else answer(response, 200, asset.contentType, asset.text)
      },
    },
    {
      method: 'GET',
      path: STATUS_PATH,
      handle: (request, response) => {
        if (request.method === 'HEAD') response.end()
        else status.serve(response)
      },
    },
  ]
}

const ASSETS = '/assets/'
const addressOf = (path: string): string => `${ASSETS}${path}`

/** Whatever gets into the page, it runs and loads nothing that is not ours. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function describe(streams: KafkaStreams, { title, results }: DashboardOptions): PageDescription {
  const shown = title ?? surroundingsOf(streams).config.applicationId
  const topology = topologyDescription(streams.topology)
  if (results === undefined) return { title: shown, topology }
  const { from, ...described } = results
  const feed = typeof from === 'function' ? {} : { feed: `/feed/${encodeURIComponent(from.store)}` }
  return { title: shown, topology, results: { ...described, ...feed } }
}

function samplerOf(streams: KafkaStreams, { results }: DashboardOptions): StatusSampler {
  const { topology } = streams
  const names = new TopicNames(surroundingsOf(streams).config.applicationId, topology.subTopologies)
  return new StatusSampler({
    streams,
    fingerprint: topology.fingerprint,
    topicName: (topic) => names.inTopology(topic),
    results: typeof results?.from === 'function' ? results.from : undefined,
  })
}
