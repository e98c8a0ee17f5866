import { connect } from 'node:net'

/** ApiVersions version 0, correlation id 1, no client id. */
const API_VERSIONS = Buffer.from('0000000a0012000000000001ffff', 'hex')
const TIMEOUT_MS = 2_000

/** Whether a Kafka broker answers on a loopback port. */
export const brokerAnswers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const end = (answered: boolean): void => {
      socket.destroy()
      resolve(answered)
    }
    let received = Buffer.alloc(0)
    socket.setTimeout(TIMEOUT_MS, () => end(false))
    socket.on('error', () => end(false))
    socket.on('close', () => end(false))
    socket.on('connect', () => socket.write(API_VERSIONS))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length >= 10) end(received.readInt32BE(4) === 1 && received.readInt16BE(8) === 0)
    })
  })
