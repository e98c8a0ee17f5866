/** An event of a stream of server-sent events; without data it tells of its id only. */
export interface StreamEvent {
  readonly data: string
  readonly id: string | undefined
}

/** Takes a stream of server-sent events apart, as it comes in (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class EventStream {
  private rest = ''
  private data = ''
  private id: string | undefined;

  /** The events that end in a piece of text. */
  *read(text: string): Iterable<StreamEvent> {
    const lines = (this.rest + text).split(/\r\n|\n/)
    this.rest = lines.pop()!
    for (const line of lines) {
      if (line === '') {
        const { data, id } = this
        if (data || id !== undefined) yield { data, id }
        this.data = ''
        this.id = undefined
      } else {
        const [, field, value] = /^(\w*):? ?(.*)$/.exec(line)!
        if (field === 'data') this.data += value
        else if (field === 'id') this.id = value
      }
    }
  }
}
