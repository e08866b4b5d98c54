/** Events as data: one declaration gives the subject, the aggregate it tells of, and the schema of what it carries. */
import { z } from 'zod'

export interface EventContract<
  S extends string = string,
  A extends string = string,
  D extends z.ZodType = z.ZodType,
> {
  /** `<service>.<noun>.<past-verb>.v<N>`: the JetStream subject and the CloudEvents type. */
  readonly subject: S
  /** The kind of thing whose version the event carries. */
  readonly aggregate: A
  /** The state after the change, with all a consumer needs and no secret. */
  readonly data: D
}

/** Declares an event. */
export const event = <const S extends string, const A extends string, D extends z.ZodType>(
  declaration: EventContract<S, A, D>,
): EventContract<S, A, D> => declaration

export type DataOf<E extends EventContract> = z.output<E['data']>

/** Something that happened, on its way to the outbox. */
export interface Occurrence<E extends EventContract = EventContract> {
  readonly event: E
  readonly aggregateId: string
  readonly version: number
  readonly data: z.input<E['data']>
}

/** States that an event occurred to an aggregate, which has `version` since. */
export const occurred = <E extends EventContract>(
  contract: E,
  about: { aggregateId: string; version: number; data: z.input<E['data']> },
): Occurrence<E> => ({ event: contract, ...about })

/** CloudEvents 1.0 in JSON, structured mode, with the distributed tracing extension and the aggregate's version. */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string(),
  type: z.string(),
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().optional(),
  aggregate: z.string(),
  version: z.number().int().positive(),
  data: z.unknown(),
})
export type Envelope = z.infer<typeof Envelope>

/** An event as a consumer receives it, parsed. */
export interface Received<E extends EventContract> {
  readonly id: string
  readonly type: E['subject']
  readonly time: string
  readonly aggregateId: string
  readonly version: number
  readonly data: DataOf<E>
}
