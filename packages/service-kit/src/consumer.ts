/** How a service hears an event: a handler that gets the parsed event and a transaction, and never a broker's message. */
import type { EventContract, Received } from '@comptoir/contracts/event'
import type { Transaction } from './database.ts'

/**
 * Does the effect of an event inside `tx`, which already notes that it was done: it has an effect exactly once, however
 * often it runs. Handlers of one aggregate run one after another in this process. Events of an aggregate can still come
 * out of order after a failure, so an effect that depends on order compares `event.version`.
 */
export type Handler<E extends EventContract, C> = (delivery: {
  ctx: C
  tx: Transaction
  event: Received<E>
}) => Promise<void>

/** A handler bound to its event, with the types forgotten so that bindings fit in one list. */
export interface ConsumerBinding<C> {
  readonly event: EventContract
  /** Unique in the service; stands in the inbox, in dead letters, spans and crash points. Renaming it forgets what it did. */
  readonly name: string
  handle(delivery: { ctx: C; tx: Transaction; event: Received<EventContract> }): Promise<void>
}

/** Binds a handler to an event. */
export const on = <E extends EventContract, C>(
  event: E,
  handler: Handler<E, C>,
  name: string,
): ConsumerBinding<C> => ({
  event,
  name,
  // The kit parses data with this very contract before it calls the handler.
  handle: ({ ctx, tx, event: received }) => handler({ ctx, tx, event: received as Received<E> }),
})

/**
 * Says that trying again cannot help: the message becomes a dead letter at once. The message is stored and logged, so it
 * must not quote what the event carries.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
}
