import { join } from 'node:path'
import type { RunnerCommand } from './runner-process.js'

/** How a program of `millrace-runner/` is started. */
export const millraceCommand = (program = 'main.js'): RunnerCommand => ({
  command: process.execPath,
  arguments: [join(import.meta.dirname, 'millrace-runner', program)],
})
