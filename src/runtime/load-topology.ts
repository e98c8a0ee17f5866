import { Topology } from '../topology/topology.js'
import { StreamsError } from './streams-error.js'

/**
 * Loads a topology from a module: its default export, or what that returns if it is a function.
 *
 * @throws {StreamsError} `INVALID_TOPOLOGY_MODULE`
 */
export async function loadTopology(url: string): Promise<Topology> {
  const module = (await import(url)) as { default?: unknown }
  const exported = typeof module.default === 'function' ? await module.default() : module.default
  if (!(exported instanceof Topology)) {
    throw new StreamsError(
      'INVALID_TOPOLOGY_MODULE',
      `module ${url} must have a Topology (what StreamsBuilder.build() returns), or a function that returns one, as its default export`,
    )
  }
  return exported
}
