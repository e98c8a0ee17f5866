import { readFile } from 'node:fs/promises'

/** Clock ticks a second in `/proc/<pid>/stat`: fixed by the kernel's interface. */
const TICKS_PER_SECOND = 100

/** User and system CPU seconds of a process, from the text of `/proc/<pid>/stat`. */
export function cpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

export const readStat = (pid: number): Promise<string> => readFile(`/proc/${pid}/stat`, 'utf8')

/** The largest resident memory that a process has had, in MiB. */
export const peakRssMb = (pid: number): Promise<number> => statusMb(pid, 'VmHWM')

/** The resident memory of a process, in MiB. */
export const rssMb = (pid: number): Promise<number> => statusMb(pid, 'VmRSS')

async function statusMb(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)
  if (match === null) throw new Error(`/proc/${pid}/status has no ${field}`)
  return Number(match[1]) / 1024
}
