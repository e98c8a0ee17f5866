import type { EvolutionCase } from './evolution-case.js'

const field = (name: string, type: unknown, rest: object = {}): object => ({ name, type, ...rest })
const record = (...fields: object[]): object => ({
  type: 'record',
  name: 'Flight',
  namespace: 'travel',
  fields,
})
const enumeration = (symbols: string[], rest: object = {}): object => ({
  type: 'enum',
  name: 'Cause',
  symbols,
  ...rest,
})
const fixed = (size: number): object => ({ type: 'fixed', name: 'Code', size })

const decimal = (precision: number, scale: number): object => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
})

type Verdict = 'both' | 'backward' | 'forward' | 'neither'

const change = (
  name: string,
  older: unknown,
  newer: unknown,
  verdict: Verdict,
  ...changes: string[]
): EvolutionCase => ({
  name,
  older: JSON.stringify(older),
  newer: JSON.stringify(newer),
  backward: verdict === 'both' || verdict === 'backward',
  forward: verdict === 'both' || verdict === 'forward',
  changes,
})

const ID = field('id', 'string')
/** A change of the type of a field. */
const typed = (
  name: string,
  older: unknown,
  newer: unknown,
  verdict: Verdict,
  ...kinds: string[]
): EvolutionCase =>
  change(
    name,
    record(ID, field('x', older)),
    record(ID, field('x', newer)),
    verdict,
    ...kinds.map((kind) => (kind.includes(' ') ? kind : `Flight.x ${kind}`)),
  )

const DELAY = field('delay', 'int')
const WITH_DEFAULT = field('delay', 'int', { default: 0 })

/** Changes of an Avro schema, with what the specification has of them. */
export const AVRO_CASES: readonly EvolutionCase[] = [
  change(
    'a field added with default',
    record(ID),
    record(ID, WITH_DEFAULT),
    'both',
    'Flight.delay field-added',
  ),
  change(
    'a field added without default',
    record(ID),
    record(ID, DELAY),
    'forward',
    'Flight.delay field-added',
  ),
  change(
    'a field removed that had a default',
    record(ID, WITH_DEFAULT),
    record(ID),
    'both',
    'Flight.delay field-removed',
  ),
  change(
    'a field removed that had none',
    record(ID, DELAY),
    record(ID),
    'backward',
    'Flight.delay field-removed',
  ),
  change(
    'a field renamed with alias',
    record(ID, DELAY),
    record(ID, field('late', 'int', { aliases: ['delay'] })),
    'backward',
    'Flight.late field-renamed',
  ),
  change(
    'a field renamed with alias, that had a default',
    record(ID, WITH_DEFAULT),
    record(ID, field('late', 'int', { aliases: ['delay'], default: 0 })),
    'both',
    'Flight.late field-renamed',
  ),
  change(
    'a field renamed without alias',
    record(ID, DELAY),
    record(ID, field('late', 'int')),
    'neither',
    'Flight.late field-added',
    'Flight.delay field-removed',
  ),
  change(
    'a default added',
    record(ID, DELAY),
    record(ID, WITH_DEFAULT),
    'both',
    'Flight.delay default-added',
  ),
  change(
    'a default removed',
    record(ID, WITH_DEFAULT),
    record(ID, DELAY),
    'both',
    'Flight.delay default-removed',
  ),
  change(
    'a default changed',
    record(ID, WITH_DEFAULT),
    record(ID, field('delay', 'int', { default: 1 })),
    'both',
    'Flight.delay default-changed',
  ),
  change('fields in another order', record(ID, DELAY), record(DELAY, ID), 'both', 'Flight order-changed'),
  change(
    'docs changed',
    { ...record(ID), doc: 'One.' },
    { ...record(field('id', 'string', { doc: 'Its id.' })), doc: 'Two.' },
    'both',
    'Flight doc-changed',
    'Flight.id doc-changed',
  ),
  change(
    'a record renamed with alias',
    record(ID),
    { ...record(ID), name: 'Trip', aliases: ['Flight'] },
    'backward',
    'Trip name-changed',
    'Trip alias-added',
  ),
  change(
    'a record renamed without alias',
    record(ID),
    { ...record(ID), name: 'Trip' },
    'neither',
    'Trip name-changed',
  ),
  change(
    'another namespace',
    record(ID),
    { ...record(ID), namespace: 'air' },
    'both',
    'Flight namespace-changed',
  ),
  typed('int to long', 'int', 'long', 'backward', 'type-widened'),
  typed('int to float', 'int', 'float', 'backward', 'type-widened'),
  typed('int to double', 'int', 'double', 'backward', 'type-widened'),
  typed('long to double', 'long', 'double', 'backward', 'type-widened'),
  typed('float to double', 'float', 'double', 'backward', 'type-widened'),
  typed('long to int', 'long', 'int', 'forward', 'type-narrowed'),
  typed('double to float', 'double', 'float', 'forward', 'type-narrowed'),
  typed('string to bytes', 'string', 'bytes', 'both', 'type-changed'),
  typed('string to int', 'string', 'int', 'neither', 'type-changed'),
  typed('int to boolean', 'int', 'boolean', 'neither', 'type-changed'),
  typed(
    'milliseconds to microseconds',
    { type: 'long', logicalType: 'timestamp-millis' },
    { type: 'long', logicalType: 'timestamp-micros' },
    'neither',
    'logical-type-changed',
  ),
  typed(
    'a logical type added',
    'long',
    { type: 'long', logicalType: 'timestamp-millis' },
    'both',
    'logical-type-changed',
  ),
  typed('a decimal of more digits', decimal(5, 2), decimal(6, 2), 'backward', 'logical-type-changed'),
  typed('a decimal of another scale', decimal(5, 2), decimal(5, 3), 'neither', 'logical-type-changed'),
  typed('made nullable', 'int', ['null', 'int'], 'backward', 'union-branch-added'),
  typed('no longer nullable', ['null', 'int'], 'int', 'forward', 'union-branch-removed'),
  typed('a branch added', ['null', 'int'], ['null', 'int', 'string'], 'backward', 'union-branch-added'),
  typed('a branch removed', ['null', 'int', 'string'], ['null', 'int'], 'forward', 'union-branch-removed'),
  typed('a branch widened', ['null', 'int'], ['null', 'long'], 'backward', 'type-widened'),
  typed('branches in another order', ['null', 'int'], ['int', 'null'], 'both'),
  typed(
    'an item widened',
    { type: 'array', items: 'int' },
    { type: 'array', items: 'long' },
    'backward',
    'Flight.x[] type-widened',
  ),
  typed(
    'a value of a map narrowed',
    { type: 'map', values: 'long' },
    { type: 'map', values: 'int' },
    'forward',
    'Flight.x{} type-narrowed',
  ),
  typed(
    'a symbol added',
    enumeration(['WEATHER']),
    enumeration(['WEATHER', 'CREW']),
    'backward',
    'enum-symbol-added',
  ),
  typed(
    'a symbol added to an enum with default',
    enumeration(['WEATHER'], { default: 'WEATHER' }),
    enumeration(['WEATHER', 'CREW'], { default: 'WEATHER' }),
    'both',
    'enum-symbol-added',
  ),
  typed(
    'a symbol removed',
    enumeration(['WEATHER', 'CREW']),
    enumeration(['WEATHER']),
    'forward',
    'enum-symbol-removed',
  ),
  typed(
    'a symbol removed, with default',
    enumeration(['WEATHER', 'CREW']),
    enumeration(['WEATHER'], { default: 'WEATHER' }),
    'both',
    'enum-symbol-removed',
    'default-added',
  ),
  typed('another size', fixed(4), fixed(5), 'neither', 'type-changed'),
  typed(
    'array to map',
    { type: 'array', items: 'int' },
    { type: 'map', values: 'int' },
    'neither',
    'type-changed',
  ),
  change(
    'a field added within a record of a record',
    record(field('leg', { type: 'record', name: 'Leg', fields: [field('from', 'string')] })),
    record(
      field('leg', { type: 'record', name: 'Leg', fields: [field('from', 'string'), field('to', 'string')] }),
    ),
    'forward',
    'Flight.leg.to field-added',
  ),
  change('another root', 'int', 'long', 'backward', 'long type-widened'),
]
