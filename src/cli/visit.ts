import type { Visit } from '../runtime/at-brokers.js'

/** How commands that run no client go to the brokers. */
export const visit: Visit = {
  name: 'cli',
  warn: ({ message }) => void process.stderr.write(`${message}\n`),
}
