import type { Context } from '../context.ts'
import type { Operation } from '../db/operations.ts'
import { is } from '../domain/fold.ts'
import type { OperationName } from '../domain/operation.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import type { ProviderSnapshot } from '../domain/snapshot.ts'
import {
  ProviderRefused,
  ProviderSilent,
  type Fetched,
  type Known,
  type Provider,
} from '../providers/provider.ts'

/** What came of calling the provider. `unknown` is repeated with the same key; `dead` is proven to have done nothing, for ever. */
export type Outcome =
  | { readonly kind: 'done'; readonly fetched: Fetched }
  | { readonly kind: 'refused'; readonly code: string; readonly fetched: Fetched | undefined }
  | { readonly kind: 'dead'; readonly code: string; readonly fetched: Fetched | undefined }
  | { readonly kind: 'unknown'; readonly code: string }

/** Performs an operation at the provider. Never inside a transaction; its row is committed before. */
export const callProvider = (ctx: Context, operation: Operation, payment: PaymentRecord): Promise<Outcome> =>
  ctx.once(operation.opKey, async () => {
    const provider = ctx.providers[payment.provider]
    try {
      if (!operation.repeatable) throw new ProviderSilent('key_expired', true)
      return { kind: 'done', fetched: await invoke[operation.name](provider, operation, payment) }
    } catch (error) {
      return await afterFailure(ctx, { operation, payment, error })
    }
  })

type Invoke = (provider: Provider, operation: Operation, payment: PaymentRecord) => Promise<Fetched>

const invoke = {
  create: (provider, { opKey }, payment) => provider.start(payment, opKey),
  capture: (provider, { opKey }, payment) => provider.capture(known(payment), opKey),
  cancel: (provider, { opKey }, payment) => provider.cancel(known(payment), opKey),
  refund: (provider, { opKey, amountMinor }, payment) => provider.refund(known(payment), amountMinor, opKey),
} as const satisfies Record<OperationName, Invoke>

const known = (payment: PaymentRecord): Known => {
  if (payment.providerRef === null) throw new Error(`The payment ${payment.id} was never started`)
  return { ...payment, ref: payment.providerRef }
}

interface Failure {
  readonly operation: Operation
  readonly payment: PaymentRecord
  readonly error: unknown
}

/** Silence and refusals both end in a question: what is there now? */
const afterFailure = async (ctx: Context, { operation, payment, error }: Failure): Promise<Outcome> => {
  if (!(error instanceof ProviderRefused) && !(error instanceof ProviderSilent)) throw error
  const { code } = error
  const seen = await look(ctx, payment)
  if (seen === 'nobody knows') return { kind: 'unknown', code }
  if (seen !== 'nothing' && hasEffect[operation.name](seen.snapshot, operation)) {
    return { kind: 'done', fetched: seen }
  }
  const fetched = seen === 'nothing' ? undefined : seen
  if (error instanceof ProviderRefused) return { kind: 'refused', code, fetched }
  return error.replayed ? { kind: 'dead', code, fetched } : { kind: 'unknown', code }
}

const look = async (ctx: Context, payment: PaymentRecord): Promise<Fetched | 'nothing' | 'nobody knows'> => {
  const provider = ctx.providers[payment.provider]
  try {
    if (payment.providerRef !== null) return await provider.fetch(payment.providerRef)
    return (await provider.find(payment.id, ctx.clock.now())) ?? 'nothing'
  } catch (error) {
    if (error instanceof ProviderRefused) return 'nothing'
    if (error instanceof ProviderSilent) return 'nobody knows'
    throw error
  }
}

type HasEffect = (snapshot: ProviderSnapshot, operation: Operation) => boolean

const hasEffect = {
  create: () => true,
  capture: ({ movements }) => movements.some(is('capture', 'succeeded')),
  cancel: ({ movements }) => movements.some(is('void', 'succeeded')),
  refund: ({ movements }, { opKey }) => movements.some(({ operation }) => operation === opKey),
} as const satisfies Record<OperationName, HasEffect>
