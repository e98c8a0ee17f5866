import type { EvolutionCase } from './evolution-case.js'

type Verdict = 'both' | 'backward' | 'forward' | 'neither'

const change = (
  name: string,
  older: string,
  newer: string,
  verdict: Verdict,
  ...changes: string[]
): EvolutionCase => ({
  name,
  older,
  newer,
  backward: verdict === 'both' || verdict === 'backward',
  forward: verdict === 'both' || verdict === 'forward',
  changes,
})

const file = (body: string, head = 'syntax = "proto3"; package travel;'): string => `${head}\n${body}\n`
const message = (...fields: string[]): string => file(`message Flight { ${fields.join(' ')} }`)
const proto2 = (...fields: string[]): string =>
  file(`message Flight { ${fields.join(' ')} }`, 'syntax = "proto2"; package travel;')
const ID = 'string id = 1;'

/** A change of a field. */
const typed = (
  name: string,
  older: string,
  newer: string,
  verdict: Verdict,
  ...kinds: string[]
): EvolutionCase =>
  change(
    name,
    message(ID, `${older} x = 2;`),
    message(ID, `${newer} x = 2;`),
    verdict,
    ...kinds.map((kind) => `Flight.x ${kind}`),
  )

const CAUSE = (...values: string[]): string =>
  file(`message Flight { Cause cause = 1; } enum Cause { ${values.join(' ')} }`)

/** Changes of a .proto file: safe is what can be read on the wire without losing a value. */
export const PROTOBUF_CASES: readonly EvolutionCase[] = [
  change('a field added', message(ID), message(ID, 'int32 delay = 2;'), 'both', 'Flight.delay field-added'),
  change(
    'a field added under a number that was reserved',
    message(ID, 'reserved 2;'),
    message(ID, 'int32 delay = 2;'),
    'forward',
    'Flight.delay field-added',
  ),
  change(
    'a field removed and reserved',
    message(ID, 'int32 delay = 2;'),
    message(ID, 'reserved 2; reserved "delay";'),
    'both',
    'Flight.delay field-removed',
  ),
  change(
    'a field removed and not reserved',
    message(ID, 'int32 delay = 2;'),
    message(ID),
    'both',
    'Flight.delay field-removed',
  ),
  change(
    'a field renamed',
    message(ID, 'int32 delay = 2;'),
    message(ID, 'int32 late = 2;'),
    'both',
    'Flight.late field-renamed',
  ),
  change(
    'a field renumbered',
    message(ID, 'int32 delay = 2;'),
    message(ID, 'int32 delay = 3;'),
    'neither',
    'Flight.delay field-renumbered',
  ),
  change(
    'a required field added',
    proto2('optional string id = 1;'),
    proto2('optional string id = 1;', 'required int32 x = 2;'),
    'forward',
    'Flight.x field-added',
  ),
  change(
    'a required field removed',
    proto2('optional string id = 1;', 'required int32 x = 2;'),
    proto2('optional string id = 1;'),
    'backward',
    'Flight.x field-removed',
  ),
  change(
    'required to optional',
    proto2('required int32 x = 2;'),
    proto2('optional int32 x = 2;'),
    'backward',
    'Flight.x cardinality-changed',
  ),
  change(
    'optional to required',
    proto2('optional int32 x = 2;'),
    proto2('required int32 x = 2;'),
    'forward',
    'Flight.x cardinality-changed',
  ),
  typed('int32 to int64', 'int32', 'int64', 'both', 'type-changed'),
  typed('uint32 to bool', 'uint32', 'bool', 'both', 'type-changed'),
  typed('sint32 to sint64', 'sint32', 'sint64', 'both', 'type-changed'),
  typed('int32 to sint32', 'int32', 'sint32', 'neither', 'type-changed'),
  typed('fixed64 to sfixed64', 'fixed64', 'sfixed64', 'both', 'type-changed'),
  typed('string to bytes', 'string', 'bytes', 'both', 'type-changed'),
  typed('string to int32', 'string', 'int32', 'neither', 'type-changed'),
  typed('float to double', 'float', 'double', 'neither', 'type-changed'),
  typed('presence', 'int32', 'optional int32', 'both', 'cardinality-changed'),
  typed('a text to several', 'string', 'repeated string', 'both', 'cardinality-changed'),
  typed('a number to several', 'int32', 'repeated int32', 'backward', 'cardinality-changed'),
  typed('several numbers to one', 'repeated int32', 'int32', 'forward', 'cardinality-changed'),
  typed(
    'several to a map',
    'repeated string',
    'map<string, string>',
    'neither',
    'type-changed',
    'cardinality-changed',
  ),
  change(
    'a field into a new oneof',
    message(ID, 'int32 x = 2;'),
    message(ID, 'oneof kind { int32 x = 2; int32 y = 3; }'),
    'both',
    'Flight.x cardinality-changed',
    'Flight.x field-moved',
    'Flight.y field-added',
  ),
  change(
    'two fields into a oneof',
    message(ID, 'optional int32 x = 2; optional int32 y = 3;'),
    message(ID, 'oneof kind { int32 x = 2; int32 y = 3; }'),
    'forward',
    'Flight.x field-moved',
    'Flight.y field-moved',
  ),
  change(
    'two fields out of a oneof',
    message(ID, 'oneof kind { int32 x = 2; int32 y = 3; }'),
    message(ID, 'optional int32 x = 2; optional int32 y = 3;'),
    'backward',
    'Flight.x field-moved',
    'Flight.y field-moved',
  ),
  change(
    'a value added',
    CAUSE('NONE = 0;'),
    CAUSE('NONE = 0;', 'CREW = 1;'),
    'both',
    'Cause.CREW enum-symbol-added',
  ),
  change(
    'a value removed',
    CAUSE('NONE = 0;', 'CREW = 1;'),
    CAUSE('NONE = 0;'),
    'both',
    'Cause.CREW enum-symbol-removed',
  ),
  change(
    'a value renamed',
    CAUSE('NONE = 0;', 'CREW = 1;'),
    CAUSE('NONE = 0;', 'STAFF = 1;'),
    'both',
    'Cause.STAFF enum-symbol-changed',
  ),
  change(
    'a value renumbered',
    CAUSE('NONE = 0;', 'CREW = 1;'),
    CAUSE('NONE = 0;', 'CREW = 2;'),
    'neither',
    'Cause.CREW enum-symbol-changed',
  ),
  change(
    'a message added that a field has',
    message(ID),
    file(`message Flight { ${ID} Leg leg = 2; } message Leg { string from = 1; }`),
    'both',
    'Flight.leg field-added',
    'Leg type-added',
  ),
  change(
    'a message added that records may be',
    message(ID),
    file(`message Flight { ${ID} } message Trip { ${ID} }`),
    'backward',
    'Trip type-added',
  ),
  change(
    'a message removed',
    file(`message Flight { ${ID} } message Trip { ${ID} }`),
    message(ID),
    'forward',
    'Trip type-removed',
  ),
  change(
    'another package',
    message(ID),
    file(`message Flight { ${ID} }`, 'syntax = "proto3"; package air;'),
    'neither',
    ' namespace-changed',
  ),
  change(
    'a comment changed',
    file(`// One.\nmessage Flight { ${ID} }`),
    file(`// Two.\nmessage Flight { ${ID} }`),
    'both',
    'Flight doc-changed',
  ),
]
