import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { kafkaDistribution } from '../../src/testing/kafka-broker/kafka-distribution.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'
import { registryDistribution } from '../../src/testing/schema-registry/registry-distribution.js'

/** A program of test/java at work: answers requests, one line each. */
export class JavaPeer implements AsyncDisposable {
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = []

  private constructor(private readonly process: ChildProcessByStdio<Writable, Readable, null>) {
    createInterface({ input: process.stdout }).on('line', (line) => this.waiting.shift()?.resolve(line))
    process.on('exit', (code) => {
      for (const { reject } of this.waiting) reject(new Error(`Java ended with exit code ${code}`))
    })
  }

  /** Kafka's Java client at work on record batches (see test/java/RecordBatchPeer.java). */
  static async recordBatches(): Promise<JavaPeer> {
    const { java, classPath } = await kafkaDistribution()
    return JavaPeer.start(java, classPath, 'RecordBatchPeer')
  }

  /** Avro's implementation in Java, which the schema registry has (see test/java/AvroPeer.java). */
  static async avro(): Promise<JavaPeer> {
    const { java, jar } = await registryDistribution()
    return JavaPeer.start(java, join(dirname(jar), 'lib', '*'), 'AvroPeer')
  }

  private static async start(java: string, classPath: string, program: string): Promise<JavaPeer> {
    const source = join(packageRoot(), 'test', 'java', `${program}.java`)
    const child = spawn(java, ['-XX:TieredStopAtLevel=1', '-cp', classPath, source], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(child, 'spawn')
    return new JavaPeer(child)
  }

  /** The answer to a request. Throws what Java threw. */
  async ask(...request: readonly string[]): Promise<string> {
    const line = await new Promise<string>((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.process.stdin.write(`${request.join(' ')}\n`)
    })
    if (!line.startsWith('ok ')) throw new Error(`Java: ${line}`)
    return line.slice(3)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.process, 'exit')
    this.process.stdin.end()
    await ended
  }
}
