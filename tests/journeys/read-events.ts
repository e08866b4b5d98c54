// Server-sent events (WHATWG HTML, 9.2), read to the end or until there are enough.

export interface ServerSentEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: unknown
}

export interface Reading {
  readonly headers: Readonly<Record<string, string>>
  /** Leaves after so many; waits for the end of the stream when left out. */
  readonly count?: number
}

/** Reads the messages of a stream; comments and events of other names are passed over. */
export const readEvents = async (
  url: string,
  { headers, count }: Reading,
): Promise<{ contentType: string; events: ServerSentEvent[] }> => {
  const leaving = new AbortController()
  const response = await fetch(url, { headers, signal: leaving.signal })
  const events: ServerSentEvent[] = []
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    events.push(...blocks.map(parse).filter(({ event, data }) => event === 'message' && data !== undefined))
    if (count !== undefined && events.length >= count) break
  }
  leaving.abort()
  return { contentType: response.headers.get('content-type') ?? '', events: events.slice(0, count) }
}

const parse = (block: string): ServerSentEvent => {
  const field = (name: string): string | undefined => {
    const line = block.split('\n').find((candidate) => candidate.startsWith(`${name}:`))
    return line?.slice(name.length + 1).trimStart()
  }
  const data = field('data')
  return {
    id: field('id'),
    event: field('event') ?? 'message',
    data: data === undefined || data === '' ? undefined : JSON.parse(data),
  }
}
