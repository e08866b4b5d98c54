// What a purchase needs of the shop, by whichever face it is reached.
import type { services } from '@comptoir/contracts/app'
import type { z } from 'zod'

type Services = typeof services

/** The input that a caller gives. */
export type Given<S extends keyof Services, K extends keyof Services[S]> = Services[S][K] extends {
  input: infer I extends z.ZodType
}
  ? z.input<I>
  : never

export type Answer<S extends keyof Services, K extends keyof Services[S]> = Services[S][K] extends {
  output: infer O extends z.ZodType
}
  ? z.output<O>
  : never

export interface CallOptions {
  readonly token?: string
  readonly idempotencyKey?: string
}

/** Calls one operation of the shop. Throws with the problem's code when it is refused. */
export type Shop = <S extends keyof Services, K extends keyof Services[S] & string>(
  service: S,
  procedure: K,
  input: Given<S, K>,
  options?: CallOptions,
) => Promise<Answer<S, K>>
