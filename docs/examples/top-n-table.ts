import { Aggregators, int32, json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Player {
  team: string
  score: number
}

const builder = new StreamsBuilder()
builder
  .table('players', { key: string(), value: json<Player>() })
  .groupBy((_, { team, score }) => [team, score], { key: string(), value: int32() })
  .aggregate(Aggregators.topN({ n: 2, by: (score) => score, value: int32() }), { store: 'best' })
  .mapValues((best) => best.join(', '), { value: string() })
  .toStream()
  .to('best')

export default {
  topology: builder.build(),
  inputs: { players: { key: string(), value: json() } },
  outputs: { best: { key: string(), value: string() } },
  steps: [
    ['players', 'ann', { team: 'red', score: 7 }, '1s'],
    ['players', 'bob', { team: 'red', score: 5 }, '2s'],
    ['players', 'cid', { team: 'red', score: 6 }, '3s'],
    ['players', 'ann', { team: 'red', score: 1 }, '4s'],
    ['players', 'cid', null, '5s'],
  ],
} satisfies Example
