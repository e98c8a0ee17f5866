import type { Topology } from '../../topology/topology.js'
import { describeTopologyAs, isTopologyFormat, TOPOLOGY_FORMATS } from '../topology/topology-formats.js'
import { answer, answerText } from './answer.js'
import type { Route } from './route.js'

const CONTENT_TYPES = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json',
  mermaid: 'text/vnd.mermaid; charset=utf-8',
} as const

/** `/topology`: as text, as Kafka Streams describes it; `?format=json`; `?format=mermaid`, a diagram. */
export const topologyRoute = (streams: { readonly topology: Topology }): Route => ({
  method: 'GET',
  path: '/topology',
  handle(_, response, url) {
    const format = url.searchParams.get('format') ?? 'text'
    if (!isTopologyFormat(format)) {
      answerText(response, 400, `format ${format} is none of ${TOPOLOGY_FORMATS.join(', ')}\n`)
      return
    }
    answer(response, 200, CONTENT_TYPES[format], describeTopologyAs(streams.topology, format))
  },
})
