import type { Status, ThreadStatus, TopicStatus } from '../status.js'
import { byId, html, setText } from './elements.js'
import { count } from './format.js'

/** The topics that the process reads, and its threads with their tasks. */
export class ProcessView {
  private readonly inputs = byId('inputs')
  private readonly threads = byId('threads')
  private readonly note = byId('process-note')

  show({ topics, threads }: Status): void {
    const read = topics.filter(({ partitions }) => partitions > 0)
    keep(this.inputs, read, () => html('tr', {}, html('th', { scope: 'row' }), ...cells(3)), fillInput)
    keep(this.threads, threads, () => html('li', {}, ...spans()), fillThread)
    const tasks = threads.reduce((sum, thread) => sum + thread.tasks.length, 0)
    setText(
      this.note,
      `${count(tasks)} ${tasks === 1 ? 'task' : 'tasks'} on ${count(threads.length)} ${threads.length === 1 ? 'thread' : 'threads'}`,
    )
  }
}

const cells = (length: number): HTMLElement[] => Array.from({ length }, () => html('td'))
const spans = (): HTMLElement[] => [
  html('span', { class: 'thread-state' }),
  html('span', { class: 'thread-tasks' }),
]

function fillInput(row: Element, { topic, partitions, readPerSecond, lag }: TopicStatus): void {
  const texts = [topic, count(partitions), count(readPerSecond), count(lag)]
  for (const [at, text] of texts.entries()) setText(row.children[at]!, text)
}

function fillThread(item: Element, { thread, state, tasks }: ThreadStatus): void {
  setText(item.children[0]!, `thread ${thread} ${state}`)
  setText(item.children[1]!, tasks.join(' '))
}

/** Has as many children as there are things, and fills them. */
function keep<T>(
  parent: Element,
  things: readonly T[],
  make: () => Element,
  fill: (element: Element, thing: T) => void,
): void {
  while (parent.children.length > things.length) parent.lastElementChild!.remove()
  while (parent.children.length < things.length) parent.append(make())
  for (const [at, thing] of things.entries()) fill(parent.children[at]!, thing)
}
