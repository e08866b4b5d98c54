/** The items of a subscription, read from the service’s server-sent events. */
import { commonError } from '@comptoir/contracts/errors'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { openStream } from '../rest/opening.ts'
import { dataIn, errorIn, parseJson } from './envelope.ts'

/** Reads on for as long as somebody listens and the request lives. */
export const openItems = async (response: Response): Promise<AsyncGenerator<unknown>> => {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  // An answer that is no stream tells why there is none; data would be nonsense here.
  if (!isStream || response.body === null) {
    dataIn(parseJson(await response.text()))
    throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
  }
  const { refusal, body } = await openStream(response.body)
  if (refusal !== undefined) throw errorIn(parseJson(refusal))
  return itemsOf(body)
}

async function* itemsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const events = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
  for await (const { event, data } of events) {
    if (event === 'serialized-error') throw errorIn(parseJson(data))
    if (event === 'return') return
    if (event === undefined || event === 'message') yield parseJson(data)
  }
}
