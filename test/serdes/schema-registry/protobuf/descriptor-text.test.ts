import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidSchemaError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import { codecOf, proto } from './proto.js'

/** Each beside its FileDescriptorProto by protoc, in base64. */
const PROTO3 = `syntax = "proto3";
package t;
import "google/protobuf/timestamp.proto";
message M {
  string origin_airport = 1;
  optional int32 delay = 2;
  map<string, Leg> legs = 3;
  oneof choice { string left = 4; Leg right = 5; }
  repeated fixed32 single = 6 [packed = false];
  google.protobuf.Timestamp at = 7;
  Kind kind = 8;
  message Leg { int64 a = 1; }
  message Other { double d = 1; }
}
enum Kind { option allow_alias = true; NONE = 0; NEW = 1; FRESH = 1; }
`

const PROTO3_DESCRIPTOR =
  'CgtzbWFsbC5wcm90bxIBdBofZ29vZ2xlL3Byb3RvYnVmL3RpbWVzdGFtcC5wcm90byK8AgoBTRIWCg5vcmlnaW5fYWlycG9ydBgB' +
  'IAEoCRISCgVkZWxheRgCIAEoBUgBiAEBEhwKBGxlZ3MYAyADKAsyDi50Lk0uTGVnc0VudHJ5Eg4KBGxlZnQYBCABKAlIABIZCgVy' +
  'aWdodBgFIAEoCzIILnQuTS5MZWdIABISCgZzaW5nbGUYBiADKAdCAhAAEiYKAmF0GAcgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRp' +
  'bWVzdGFtcBIVCgRraW5kGAggASgOMgcudC5LaW5kGjUKCUxlZ3NFbnRyeRILCgNrZXkYASABKAkSFwoFdmFsdWUYAiABKAsyCC50' +
  'Lk0uTGVnOgI4ARoQCgNMZWcSCQoBYRgBIAEoAxoSCgVPdGhlchIJCgFkGAEgASgBQggKBmNob2ljZUIICgZfZGVsYXkqKAoES2lu' +
  'ZBIICgROT05FEAASBwoDTkVXEAESCQoFRlJFU0gQARoCEAFiBnByb3RvMw=='

const PROTO2 = `syntax = "proto2";
package old;
message M {
  required int32 id = 1;
  optional string name = 2 [default = "x\\"y"];
  optional group Leg = 3 { optional int32 a = 1; }
  repeated M children = 4;
  optional Kind kind = 5 [default = B];
  optional double d = 6 [default = inf];
  repeated int32 packed = 7 [packed = true];
  optional bytes raw = 8 [default = "ab"];
  extensions 100 to 200;
  message Inner { optional int64 l = 1 [default = -5]; }
  oneof o { string p = 9; int32 q = 10; }
}
enum Kind { A = 3; B = 4; }
extend M { optional int32 extra = 100; }
`

const PROTO2_DESCRIPTOR =
  'CglvbGQucHJvdG8SA29sZCL2AQoBTRIKCgJpZBgBIAIoBRIRCgRuYW1lGAIgASgJOgN4InkSFwoDbGVnGAMgASgKMgoub2xkLk0u' +
  'TGVnEhgKCGNoaWxkcmVuGAQgAygLMgYub2xkLk0SGgoEa2luZBgFIAEoDjIJLm9sZC5LaW5kOgFCEg4KAWQYBiABKAE6A2luZhIS' +
  'CgZwYWNrZWQYByADKAVCAhABEg8KA3JhdxgIIAEoDDoCYWISCwoBcBgJIAEoCUgAEgsKAXEYCiABKAVIABoQCgNMZWcSCQoBYRgB' +
  'IAEoBRoWCgVJbm5lchINCgFsGAEgASgDOgItNSoFCGQQyQFCAwoBbyoUCgRLaW5kEgUKAUEQAxIFCgFCEAQ6HAoFZXh0cmESBi5v' +
  'bGQuTRhkIAEoBVIFZXh0cmE='

describe('a descriptor in place of the text of a .proto file', () => {
  const inner = { a: 1 }
  const cases: readonly (readonly [string, string, string, string, readonly object[]])[] = [
    [
      'proto3',
      PROTO3,
      PROTO3_DESCRIPTOR,
      't.M',
      [
        {},
        {
          originAirport: 'SFO',
          delay: 0,
          legs: { b: inner, a: inner },
          left: '',
          single: [1, 2],
          kind: 'NEW',
        },
        { right: inner, at: { seconds: 1, nanos: 2 } },
      ],
    ],
    ['a message within', PROTO3, PROTO3_DESCRIPTOR, 't.M.Other', [{ d: 1.5 }]],
    [
      'proto2',
      PROTO2,
      PROTO2_DESCRIPTOR,
      'old.M',
      [{ id: 1 }, { id: 2, leg: { a: 1 }, children: [{ id: 3, q: 1 }], packed: [1, 2], '[old.extra]': 4 }],
    ],
    ['a message behind a group', PROTO2, PROTO2_DESCRIPTOR, 'old.M.Inner', [{}, { l: 3 }]],
  ]
  for (const [what, text, descriptor, message, values] of cases) {
    it(`means the same: ${what}`, () => {
      const [byText, byDescriptor] = [
        codecOf(proto(text), { message }),
        codecOf(proto(descriptor), { message }),
      ]
      for (const value of values) {
        assert.deepEqual(byDescriptor.write(value), byText.write(value))
        assert.deepEqual(byDescriptor.roundTrip(value), byText.roundTrip(value))
      }
    })
  }

  it('is refused where it is none', () => {
    for (const schema of ['abc', PROTO3_DESCRIPTOR.slice(0, 80)]) {
      assert.throws(() => codecOf(proto(schema)), InvalidSchemaError)
    }
  })
})
