import { describeTopologyAs } from '../observe/topology/topology-formats.js'
import type { CommandLine } from './command-line.js'
import { ExitCode } from './exit-code.js'
import { topologyOf } from './module-url.js'
import { print } from './print.js'

/** `millrace describe`: shows the topology of a module. @returns the exit code */
export async function describe({ module, format }: CommandLine): Promise<number> {
  await print(describeTopologyAs(await topologyOf(module), format))
  return ExitCode.OK
}
