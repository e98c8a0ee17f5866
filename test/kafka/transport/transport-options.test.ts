import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBrokerAddress, parseBrokerAddresses } from '../../../src/kafka/transport/transport-options.js'

test('broker addresses are host:port, with IPv6 hosts in brackets and 9092 by default', () => {
  assert.deepEqual(parseBrokerAddress('localhost:29092'), { host: 'localhost', port: 29092 })
  assert.deepEqual(parseBrokerAddress(' kafka.example '), { host: 'kafka.example', port: 9092 })
  assert.deepEqual(parseBrokerAddress('[::1]:9093'), { host: '::1', port: 9093 })
})

test('what is no address is named in the error', () => {
  for (const wrong of ['', ':9092', 'host:0', 'host:65536', 'host:port', '::1', 'http://host:9092']) {
    assert.throws(() => parseBrokerAddress(wrong), {
      name: 'RangeError',
      message: `brokers: ${JSON.stringify(wrong)} is not of the form host:port`,
    })
  }
  assert.throws(() => parseBrokerAddresses([]), /at least one host:port/)
})
