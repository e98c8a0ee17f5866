import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { kafkaDistribution } from '../../src/testing/kafka-broker/kafka-distribution.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'

/** Kafka's Java client at work on record batches: answers requests, one line each (see test/java/RecordBatchPeer.java). */
export class JavaRecordBatches implements AsyncDisposable {
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = []

  private constructor(private readonly process: ChildProcessByStdio<Writable, Readable, null>) {
    createInterface({ input: process.stdout }).on('line', (line) => this.waiting.shift()?.resolve(line))
    process.on('exit', (code) => {
      for (const { reject } of this.waiting) reject(new Error(`Java ended with exit code ${code}`))
    })
  }

  static async start(): Promise<JavaRecordBatches> {
    const { java, classPath } = await kafkaDistribution()
    const program = join(packageRoot(), 'test', 'java', 'RecordBatchPeer.java')
    const child = spawn(java, ['-XX:TieredStopAtLevel=1', '-cp', classPath, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(child, 'spawn')
    return new JavaRecordBatches(child)
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
