import type { Workload } from '../workloads.js'
import { startingClock } from './first-record-serde.js'
import { workloadTopology } from './workload-topology.js'

/** The topology that the module's URL asks for: each stream thread loads it from there. */
export default function topology() {
  const { searchParams } = new URL(import.meta.url)
  const asked = (name: string): string => searchParams.get(name)!
  return workloadTopology(asked('workload') as Workload, asked('input'), asked('output'), startingClock())
}
