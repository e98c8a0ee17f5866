import type { NodeDescription, SubTopologyDescription, TopologyDescription } from './topology-description.js'

/**
 * A flowchart of the topology for Mermaid: nodes by sub-topology, topics between them, stores beside the processors
 * that use them.
 */
export function mermaidOf({ subTopologies }: TopologyDescription): string {
  const ids = new Ids()
  return [
    'flowchart TD',
    ...subTopologies.flatMap((each) => subgraph(each, ids)),
    ...subTopologies.flatMap(({ nodes }) => nodes.flatMap((node) => edges(node, ids))),
    '',
  ].join('\n')
}

/** Short names for what is drawn: names of nodes may have any characters. */
class Ids {
  private readonly known = new Map<string, string>()

  of(kind: 'node' | 'topic' | 'store', name: string): string {
    const key = `${kind} ${name}`
    const id = this.known.get(key) ?? `${kind}${this.known.size}`
    this.known.set(key, id)
    return id
  }
}

const label = (text: string): string => `"${text.replaceAll('"', '#quot;')}"`

const subgraph = ({ id, global, nodes, stores }: SubTopologyDescription, ids: Ids): string[] => [
  `  subgraph sub${id} [${label(`${global ? 'global' : 'sub-topology'} ${id}`)}]`,
  ...nodes.map(({ name }) => `    ${ids.of('node', name)}[${label(name)}]`),
  ...stores.map(({ name }) => `    ${ids.of('store', name)}[(${label(name)})]`),
  '  end',
]

function edges(node: NodeDescription, ids: Ids): string[] {
  const own = ids.of('node', node.name)
  const topics = node.pattern === undefined ? (node.topics ?? []) : [`/${node.pattern}/`]
  return [
    ...topics.map((topic) => {
      const drawn = `${ids.of('topic', topic)}{{${label(topic)}}}`
      return node.kind === 'source' ? `  ${drawn} --> ${own}` : `  ${own} --> ${drawn}`
    }),
    ...(node.stores ?? []).map((store) => `  ${own} -.- ${ids.of('store', store)}`),
    ...node.successors.map((successor) => `  ${own} --> ${ids.of('node', successor)}`),
  ]
}
