import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { testBroker } from '../support/broker.js'
import { transportConformance } from '../support/transport-conformance.js'

transportConformance('KafkaJsTransport', {
  connect: async () => new KafkaJsTransport({ brokers: (await testBroker()).brokers }),
  connectToNobody: async (requestTimeout) =>
    new KafkaJsTransport({ brokers: ['127.0.0.1:1'], requestTimeout }),
})
