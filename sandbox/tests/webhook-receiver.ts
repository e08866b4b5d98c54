type Received = { path: string; headers: Headers; body: string; event: { id: string; type: string } }

export type Receiver = {
  url: string
  received: Received[]
  answerWith: (status: number) => void
  onReceive: (listener: (one: Received) => void) => void
  stop: () => Promise<void>
}

export const startReceiver = (): Receiver => {
  const received: Received[] = []
  let status = 200
  let listener: (one: Received) => void = () => undefined
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const body = await request.text()
      const one = {
        path: new URL(request.url).pathname,
        headers: request.headers,
        body,
        event: JSON.parse(body),
      }
      received.push(one)
      listener(one)
      return new Response(null, { status })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    received,
    answerWith: (next) => {
      status = next
    },
    onReceive: (next) => {
      listener = next
    },
    stop: () => server.stop(true),
  }
}
