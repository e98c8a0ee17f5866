import type { ConnectionSecurity } from '../../runtime/streams-config.js'
import { UsageError } from '../usage-error.js'
import type { SERVICE_OPTIONS } from './service-options.js'

type ServiceOptions = typeof SERVICE_OPTIONS
type ValueOf = <N extends keyof ServiceOptions>(name: N) => ReturnType<ServiceOptions[N]['check']>

/**
 * Encryption and authentication, as the client takes them.
 *
 * @throws {UsageError} if only a part of what belongs together is given
 */
export const connectionSecurity = (value: ValueOf): ConnectionSecurity => ({ ...tls(value), ...sasl(value) })

function tls(value: ValueOf): Pick<ConnectionSecurity, 'ssl'> {
  const options = {
    ca: value('ssl.ca'),
    cert: value('ssl.cert'),
    key: value('ssl.key'),
    passphrase: value('ssl.passphrase'),
    servername: value('ssl.serverName'),
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, each]) => each !== undefined))
  const some = Object.keys(given).length > 0
  if (!(value('ssl.enabled') ?? some)) return {}
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new UsageError(
      'options ssl.cert and ssl.key: a certificate and its key are given together, or neither',
    )
  }
  return { ssl: some ? given : true }
}

function sasl(value: ValueOf): Pick<ConnectionSecurity, 'sasl'> {
  const mechanism = value('sasl.mechanism')
  const username = value('sasl.username')
  const password = value('sasl.password')
  if (mechanism === undefined && username === undefined && password === undefined) return {}
  if (mechanism !== undefined && username !== undefined && password !== undefined) {
    return { sasl: { mechanism, username, password } }
  }
  throw new UsageError(
    'options sasl.mechanism, sasl.username and sasl.password: all of them are given, or none',
  )
}
