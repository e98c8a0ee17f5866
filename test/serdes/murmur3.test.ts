import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { murmur3 } from '../../src/serdes/murmur3.js'

/** What Kafka Streams' own hash gives, with the seed 123: two longs. */
const KNOWN: Readonly<Record<string, readonly [bigint, bigint]>> = {
  '21': [5857341059704281894n, -5288187638297930763n],
  foobar: [-351361463397418609n, 8959716011862540668n],
  'a-little-bit-long-string': [8836256500583638442n, -198172363548498523n],
  'a-little-bit-longer-string': [1838346159335108511n, 8794688210320490705n],
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: [-4024021876037397259n, -1482317706335141238n],
  abc: [1489494923063836066n, -5440978547625122829n],
}

describe('murmur3 of 128 bits', () => {
  for (const [text, [first, second]] of Object.entries(KNOWN)) {
    it(`gives what Kafka Streams gives for ${text}`, () => {
      const source = Buffer.from(`..${text}..`)
      const hash = Buffer.from(murmur3(source, 2, source.length - 2, 123), 'latin1')
      assert.deepEqual([hash.readBigInt64BE(0), hash.readBigInt64BE(8)], [first, second])
    })
  }

  it('gives what arithmetic of 64 bits gives, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const source = Buffer.from(bytes)
        assert.equal(
          Buffer.from(murmur3(source, 0, source.length), 'latin1').toString('hex'),
          reference(source, 104_729n),
        )
      }),
    )
  })
})

const wrapped = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotated = (value: bigint, bits: bigint): bigint => wrapped(value << bits) | (value >> (64n - bits))
const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn

function spread(value: bigint): bigint {
  const first = wrapped((value ^ (value >> 33n)) * 0xff51afd7ed558ccdn)
  const second = wrapped((first ^ (first >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return second ^ (second >> 33n)
}

/** The same with BigInt. */
function reference(source: Buffer, seed: bigint): string {
  const first = (k: bigint) => wrapped(rotated(wrapped(k * C1), 31n) * C2)
  const second = (k: bigint) => wrapped(rotated(wrapped(k * C2), 33n) * C1)
  let [h1, h2] = [seed, seed]
  const blocks = Math.floor(source.length / 16)
  const padded = Buffer.concat([source, Buffer.alloc(16)])
  for (let block = 0; block < blocks; block++) {
    h1 ^= first(padded.readBigUInt64LE(block * 16))
    h1 = wrapped((rotated(h1, 27n) + h2) * 5n + 0x52dce729n)
    h2 ^= second(padded.readBigUInt64LE(block * 16 + 8))
    h2 = wrapped((rotated(h2, 31n) + h1) * 5n + 0x38495ab5n)
  }
  h1 ^= first(padded.readBigUInt64LE(blocks * 16)) ^ BigInt(source.length)
  h2 ^= second(padded.readBigUInt64LE(blocks * 16 + 8)) ^ BigInt(source.length)
  const sum = wrapped(h1 + h2)
  const [mixed1, mixed2] = [spread(sum), spread(wrapped(sum + h2))]
  const one = wrapped(mixed1 + mixed2)
  return [one, wrapped(one + mixed2)].map((each) => each.toString(16).padStart(16, '0')).join('')
}
