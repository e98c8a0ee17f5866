import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StreamsError } from '../../src/index.js'
import type { JoinGroupResponse } from '../../src/kafka/group/api/join-group.js'
import { GroupProtocol } from '../../src/kafka/group/group-protocol.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import { StateDirectory } from '../../src/state/state-directory.js'
import { assertCounted, countingApplication, numbered } from '../support/counting.js'
import { Interception } from '../support/interception.js'
import { warningsOf } from '../support/test-application.js'

const refused = (api: string): KafkaProtocolError =>
  new KafkaProtocolError(ErrorCode.UNKNOWN_SERVER_ERROR, api)

describe('a commit of exactly_once', () => {
  test('whose transactional id is taken by another producer is made again, under another id', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    using interception = new Interception()
    const options = app.options()
    const directory = await StateDirectory.open(options.stateDir!, app.applicationId)
    const thief = new Producer(app.client.transport, {
      transactionalId: `${app.applicationId}-${directory.processId}-0`,
    })
    await directory.close()
    const records = numbered(100)
    await app.client.write(input, records)
    interception.once('EndTxn', { before: () => thief.init() })
    const streams = await app.started(topology)
    const warnings = warningsOf(streams)
    await app.committed(input)
    await assertCounted(app, output, records)
    assert.deepEqual(warnings, ['ProducerFencedError'])
    assert.equal(thief.state, 'ready')
    thief.close()
  })

  test('of a member that was put out of the group is dropped, and made again by the next owner', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    using interception = new Interception()
    let memberId = ''
    interception.every('JoinGroup', {
      after: (response) => {
        memberId = (response as JoinGroupResponse).memberId
      },
    })
    interception.once('TxnOffsetCommit', {
      before: () => {
        const group = { groupId: app.applicationId, memberId, generationId: 1 }
        return new GroupProtocol(app.client.transport, app.applicationId).leave(group, 'a test', 10_000)
      },
    })
    const records = numbered(100)
    await app.client.write(input, records)
    const streams = await app.started(topology)
    const warnings = warningsOf(streams)
    await app.committed(input)
    await app.until('it has its tasks again', () => streams.state === 'running')
    await assertCounted(app, output, records)
    assert.equal(warnings[0], 'CommitFencedError')
  })

  for (const api of ['Produce', 'TxnOffsetCommit', 'EndTxn']) {
    test(`of which a response of ${api} is lost: is made once`, async () => {
      const { app, input, output, topology } = await countingApplication()
      await using _ = app
      const records = numbered(100)
      await app.client.write(input, records)
      using interception = new Interception()
      interception.loseResponse(api)
      await app.started(topology)
      await app.committed(input)
      await assertCounted(app, output, records)
    })
  }

  test('that fails is made again on what the broker has, not on what is in memory', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    using interception = new Interception()
    const fail = (): void => {
      throw refused('TxnOffsetCommit')
    }
    // The first, so that nothing is committed yet; and some in a row.
    for (let times = 0; times < 3; times++) interception.once('TxnOffsetCommit', { before: fail })
    const records = numbered(200)
    await app.client.write(input, records.slice(0, 100))
    const streams = await app.started(topology)
    const warnings = warningsOf(streams)
    await app.committed(input)
    assert.equal(warnings.length, 3)
    interception.once('TxnOffsetCommit', { before: fail })
    await app.client.write(input, records.slice(100))
    await app.committed(input)
    await assertCounted(app, output, records)
    const rows = await streams.store<string, number>('counts').all()
    assert.ok(rows.every(({ value }) => value === 20))
  })

  test('that never succeeds ends the client after maxPollInterval, with the cause', async () => {
    const { app, input, output, topology } = await countingApplication({ maxPollInterval: '2s' })
    await using _ = app
    using interception = new Interception()
    let tries = 0
    interception.every('TxnOffsetCommit', {
      before: () => {
        tries++
        throw refused('TxnOffsetCommit')
      },
    })
    await app.client.write(input, numbered(10))
    const streams = await app.started(topology)
    await assert.rejects(
      app.until('it gives up', () => false),
      (error: StreamsError) => {
        assert.equal(error.code, 'RECOVERY_GIVEN_UP')
        assert.match(error.message, /maxPollInterval.*UNKNOWN_SERVER_ERROR/)
        assert.ok(error.cause instanceof Error)
        return true
      },
    )
    await streams.close()
    assert.equal(streams.state, 'error')
    assert.ok(tries < 30, `${tries} tries are no patience`)
    assert.deepEqual(await app.client.read(output), [])
  })
})

describe('a commit of at_least_once', () => {
  test('that fails is made again: every record is counted', async () => {
    const { app, input, output, topology } = await countingApplication({
      processingGuarantee: 'at_least_once',
      commitInterval: 50,
    })
    await using _ = app
    using interception = new Interception()
    for (let times = 0; times < 2; times++) {
      interception.once('OffsetCommit', {
        before: () => {
          throw new KafkaProtocolError(ErrorCode.ILLEGAL_GENERATION, 'OffsetCommit')
        },
      })
    }
    const records = numbered(100)
    await app.client.write(input, records)
    const streams = await app.started(topology)
    await app.committed(input)
    for (const counts of (await app.valuesByKey(output)).values()) assert.ok(Number(counts.at(-1)) >= 10)
    assert.equal(streams.metrics().lag, 0)
  })
})
