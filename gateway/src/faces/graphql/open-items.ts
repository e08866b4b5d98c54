/** The items of a subscription, read from the service’s server-sent events. */
import { commonError } from '@comptoir/contracts/errors'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { openStream } from '../rest/opening.ts'
import { dataIn, errorIn, parseJson } from './envelope.ts'

/** Reads on for as long as somebody listens; `leave` is called when nobody does any more. */
export const openItems = async (
  response: Response,
  leave: () => void,
): Promise<AsyncIterableIterator<unknown>> => {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  // An answer that is no stream tells why there is none; data would be nonsense here.
  if (!isStream || response.body === null) {
    dataIn(parseJson(await response.text()))
    throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
  }
  const { refusal, body } = await openStream(response.body)
  if (refusal !== undefined) throw errorIn(parseJson(refusal))
  const items = itemsOf(body)
  return {
    next: () => items.next(),
    // The generator may be waiting for its next event: only the end of the request wakes it.
    return: async () => {
      leave()
      await items.return(undefined).catch(() => undefined)
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => items,
  }
}

async function* itemsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, undefined> {
  const events = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
  for await (const { event, data } of events) {
    if (event === 'serialized-error') throw errorIn(parseJson(data))
    if (event === 'return') return
    if (event === undefined || event === 'message') yield parseJson(data)
  }
}
