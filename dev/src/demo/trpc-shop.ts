// The shop through @trpc/client, as a storefront has it.
import type { AppRouter } from '@comptoir/contracts/app'
import { services } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { createTRPCUntypedClient, httpLink } from '@trpc/client'
import type { CallOptions, Shop } from './shop.ts'

/** The shop's operations over tRPC. */
export const trpcShop = (gatewayUrl: string): Shop => {
  const client = createTRPCUntypedClient<AppRouter>({
    links: [httpLink({ url: `${gatewayUrl}/trpc`, headers: ({ op }) => headersOf(op.context) })],
  })
  return async (service, procedure, input, options = {}) => {
    const contract = (services[service] as Record<string, ProcedureContract>)[procedure]
    const path = `${service}.${procedure}`
    const call =
      contract?.kind === 'mutation'
        ? client.mutation(path, input, { context: { ...options } })
        : client.query(path, input, { context: { ...options } })
    // The type is the contract's, which the service has checked its answer against.
    return (await call) as never
  }
}

const headersOf = ({ token, idempotencyKey }: CallOptions): Record<string, string> => ({
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
})
