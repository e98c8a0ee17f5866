import { duration, list, oneOf, optional, text, wholeNumber, yesOrNo } from '../../runtime/option-kind.js'
import { type OptionDefinition, option } from '../../runtime/streams-options.js'

/** An option of the command beside those of `KafkaStreams`; its dots are objects in the file. */
export interface ServiceOptionDefinition<T> extends OptionDefinition<T> {
  /** Whether it may be in a file of its own, which the option of the same name with `File` behind it names. */
  readonly ownFile?: true
  /** What it is called on the command line and in the environment, where that is shorter than its name. */
  readonly called?: { readonly flag: string; readonly variable: string }
}

const pem = optional(text('PEM', /-----BEGIN /))
const given = optional(text('a text that is not empty'))

/** What the connections to the brokers need, and what makes a service of a client. */
export const SERVICE_OPTIONS = {
  'ssl.enabled': option(optional(yesOrNo), {
    otherwise: 'true where another option of ssl is given',
    meaning: 'Whether connections to the brokers are encrypted',
  }),
  'ssl.ca': { ...option(pem, { meaning: 'Certificates that brokers are to be signed by' }), ownFile: true },
  'ssl.cert': { ...option(pem, { meaning: 'Certificate of the client' }), ownFile: true },
  'ssl.key': { ...option(pem, { secret: true, meaning: 'Private key of the client' }), ownFile: true },
  'ssl.passphrase': {
    ...option(given, { secret: true, meaning: 'Passphrase of the private key' }),
    ownFile: true,
  },
  'ssl.serverName': option(given, { meaning: 'Name that the certificates of brokers are to be for' }),
  'sasl.mechanism': option(optional(oneOf('plain', 'scram-sha-256', 'scram-sha-512')), {
    meaning: 'How the client authenticates',
  }),
  'sasl.username': option(given, { meaning: 'User that the client is' }),
  'sasl.password': { ...option(given, { secret: true, meaning: 'Password of that user' }), ownFile: true },
  'schemaRegistry.url': {
    ...option(optional(text('addresses such as http://localhost:8081, at least one', /^https?:\/\/\S+$/)), {
      meaning:
        'Where the schema registry is, for `millrace schema`; several servers of one with commas between them',
    }),
    called: { flag: 'registry', variable: 'MILLRACE_SCHEMA_REGISTRY' },
  },
  'schemaRegistry.username': option(given, { meaning: 'User, or API key, at the schema registry' }),
  'schemaRegistry.password': {
    ...option(given, { secret: true, meaning: 'Password of that user, or secret of the API key' }),
    ownFile: true,
  },
  'schemaRegistry.token': {
    ...option(given, { secret: true, meaning: 'Token for the schema registry, instead of a user' }),
    ownFile: true,
  },
  'http.host': option(text('an address of this machine'), {
    default: '127.0.0.1',
    meaning: 'Address that the server listens on; 0.0.0.0: every one',
  }),
  'http.port': option(wholeNumber(0, 65_535), {
    default: 9464,
    meaning: 'Port of the server; 0: one that is free, which the log tells',
  }),
  'http.token': {
    ...option(given, {
      secret: true,
      otherwise: 'nobody may change anything',
      meaning: 'Token of those who may change something over HTTP',
    }),
    ownFile: true,
  },
  'health.stalledAfter': option(duration({ min: 1 }), {
    default: '5m',
    meaning: 'A partition that is behind and does not move for so long fails `/healthz`',
  }),
  'feed.stores': option(optional(list('names of stores, at least one', /^[A-Za-z0-9._-]+$/)), {
    otherwise: 'none',
    meaning: 'Stores that are served as live feeds under `/feed/`, to everybody who reaches the server',
  }),
  'log.level': option(oneOf('debug', 'info', 'warn', 'error', 'silent'), {
    default: 'info',
    meaning: 'The least that is logged',
  }),
  'log.values': option(yesOrNo, {
    default: false,
    meaning: 'Whether messages are logged that may show keys and values: why a record could not be processed',
  }),
  shutdownTimeout: option(duration({ min: 1 }), {
    default: '30s',
    meaning:
      'How long an orderly end may take: what is not committed by then is done again after the next start',
  }),
} satisfies Record<string, ServiceOptionDefinition<unknown>>
