export { type InputTopicOptions, type PipeOptions, TestInputTopic } from './test-input-topic.js'
export { TestOutputTopic } from './test-output-topic.js'
export type { TestRecord, TopicSerdes } from './test-record.js'
export { TopologyTestDriver, type TopologyTestDriverOptions } from './topology-test-driver.js'
