import { describe, expect, test } from 'bun:test'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { asGuest, graphqlEdge } from '../../testing/graphql-edge.ts'

const entry = (id: string, status: string) => ({
  id,
  kind: 'order',
  status,
  actor: 'system',
  reason: null,
  at: '2026-11-25T08:30:00.000Z',
})
const event = (id: string, data: unknown) => `data: ${JSON.stringify(data)}\nid: ${id}\n\n`
const connected = 'event: connected\ndata: {}\n\n'
const streamed = (text: string) => new Response(text, { headers: { 'content-type': 'text/event-stream' } })
const query = 'subscription ($orderId: ID!) { ordersWatchOrder(orderId: $orderId) { id status kind } }'
const asking = { query, variables: { orderId: 'o-1' } }
const asStream = { ...asGuest, accept: 'text/event-stream' }

const read = async (response: Response): Promise<{ event: string | undefined; data: unknown }[]> => {
  const events = response
    .body!.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
  const all = []
  for await (const { event, data } of events)
    all.push({ event, data: data === '' ? undefined : (JSON.parse(data) as unknown) })
  return all
}

describe('a subscription', () => {
  test('tells the items of the service’s stream and ends with it', async () => {
    const text = `${connected}${event('1', entry('1', 'received'))}event: ping\ndata: \n\n${event('2', entry('2', 'confirmed'))}event: return\ndata: \n\n${event('3', entry('3', 'cancelled'))}`
    const { post, sent, timeouts } = graphqlEdge({ upstream: () => streamed(text) })
    const response = await post(asking, { ...asStream, 'last-event-id': '0' })
    expect(response.headers.get('content-type')).toStartWith('text/event-stream')
    expect(await read(response)).toEqual([
      { event: 'next', data: { data: { ordersWatchOrder: { id: '1', status: 'received', kind: 'ORDER' } } } },
      {
        event: 'next',
        data: { data: { ordersWatchOrder: { id: '2', status: 'confirmed', kind: 'ORDER' } } },
      },
      { event: 'complete', data: undefined },
    ])
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ service: 'orders', method: 'GET', streams: true })
    expect(sent[0]?.headers).toEqual({ accept: 'text/event-stream', 'last-event-id': '0' })
    expect(timeouts).toEqual([0])
  })

  test('may be asked for by GET, as an EventSource does', async () => {
    const { fetch } = graphqlEdge({
      upstream: () => streamed(connected + event('1', entry('1', 'received'))),
    })
    const text = 'subscription { ordersWatchOrder(orderId: "o-1") { id } }'
    const response = await fetch(`/graphql?query=${encodeURIComponent(text)}`, { headers: asStream })
    const [told] = await read(response)
    expect(told).toEqual({ event: 'next', data: { data: { ordersWatchOrder: { id: '1' } } } })
  })

  const problem = { type: 't', title: 'T', status: 404, detail: 'No such order.', code: 'ORDER_NOT_FOUND' }
  const shape = JSON.stringify({ message: 'No', code: -32004, data: { code: problem.code, problem } })

  test.each([
    ['in its stream', () => streamed(`${connected}event: serialized-error\ndata: ${shape}\n\n`)],
    ['before it', () => new Response(`{"error":${shape}}`, { status: 404 })],
  ])('that the service refuses %s fails with the service’s error', async (_where, upstream) => {
    const { post } = graphqlEdge({ upstream })
    const [told] = await read(await post(asking, asStream))
    expect(told).toMatchObject({
      event: 'next',
      data: { errors: [{ message: 'No such order.', extensions: { code: 'ORDER_NOT_FOUND' } }] },
    })
  })

  test('whose stream fails later tells the error and ends', async () => {
    const text = `${connected}${event('1', entry('1', 'received'))}event: serialized-error\ndata: ${shape}\n\n`
    const { post } = graphqlEdge({ upstream: () => streamed(text) })
    const [first, second, ...rest] = await read(await post(asking, asStream))
    expect(first).toMatchObject({ data: { data: { ordersWatchOrder: { id: '1' } } } })
    expect(second).toMatchObject({ data: { errors: [{ extensions: { code: 'ORDER_NOT_FOUND' } }] } })
    expect(rest).toEqual([{ event: 'complete', data: undefined }])
  })

  test('that may not be made asks no service', async () => {
    const { post, sent } = graphqlEdge()
    const [told] = await read(await post(asking, { accept: 'text/event-stream' }))
    expect(told).toMatchObject({ data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
    expect(sent).toEqual([])
  })

  test('that the client leaves is left by us', async () => {
    const { promise: left, resolve } = Promise.withResolvers<string>()
    const { edge } = graphqlEdge({
      upstream: ({ signal }) => {
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode(connected + event('1', entry('1', 'received'))))
            signal.addEventListener('abort', () => {
              controller.error(signal.reason)
              resolve('left')
            })
          },
        })
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    const server = Bun.serve({ port: 0, fetch: (request, self) => edge.fetch(request, { server: self }) })
    const leaving = new AbortController()
    const response = await fetch(`${server.url.origin}/graphql`, {
      method: 'POST',
      headers: { ...asStream, 'content-type': 'application/json' },
      body: JSON.stringify(asking),
      signal: leaving.signal,
    })
    const reader = response.body!.getReader()
    await reader.read()
    leaving.abort()
    expect(await left).toBe('left')
    await server.stop(true)
  })

  test('is answered as a stream only', async () => {
    const { post, sent } = graphqlEdge({ upstream: () => streamed(connected) })
    for (const accept of ['application/json', 'multipart/mixed'])
      expect((await post(asking, { ...asGuest, accept })).status).toBe(406)
    expect(sent).toEqual([])
  })
})
