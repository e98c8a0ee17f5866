import { destination, type Logger, pino } from 'pino'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * JSON, a line an event, on standard output: `level`, `time` (ISO 8601), the application, `event`, what the event is about,
 * and `msg` for people.
 *
 * @param bindings what every line has
 */
export const createLogger = (level: LogLevel, bindings: Readonly<Record<string, unknown>>): Logger =>
  pino(
    {
      level,
      base: bindings,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    // A process that ends has written all that it had to say.
    destination({ dest: 1, sync: true }),
  )
