// A GraphQL subscription in a request of its own, read to its end.
import type { Asking } from './ask.ts'

/** The payloads of the events `next` (graphql-sse, distinct connections). Rejects where the stream breaks off. */
export const readMessages = async (url: string, { token, body }: Asking): Promise<unknown[]> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
  })
  const blocks = (await response.text()).split('\n\n')
  if (!blocks.some((block) => block.startsWith('event: complete'))) throw new Error('The stream broke off')
  return blocks
    .filter((block) => block.startsWith('event: next\n'))
    .map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)) as unknown)
}
