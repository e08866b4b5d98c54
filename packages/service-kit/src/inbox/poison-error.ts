/** What no program of this version can read, however often it tries. */
import type { Envelope } from '@comptoir/contracts/event'
import type { ConsumerBinding } from '../consumer.ts'
import { readEnvelope, receivedFrom } from '../outbox/envelope.ts'

export class PoisonError extends Error {
  override readonly name = 'PoisonError'
}

/** The envelope of a dead letter's message. Throws PoisonError where it is none. */
export const readLetter = (payload: Uint8Array): Envelope => {
  try {
    return readEnvelope(payload)
  } catch (cause) {
    throw new PoisonError('Not an envelope', { cause })
  }
}

/** The event as its handler wants it. Throws PoisonError where the data is not what the contract declares. */
export const parseEvent = <C>({ event }: ConsumerBinding<C>, envelope: Envelope) => {
  try {
    return receivedFrom(event, envelope)
  } catch (cause) {
    throw new PoisonError('Not the declared data', { cause })
  }
}
