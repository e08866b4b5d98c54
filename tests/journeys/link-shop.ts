// The shop through any of the official client's links.
import { services, type AppRouter } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import type { CallOptions, Shop } from '@comptoir/dev/demo/shop'
import { createTRPCUntypedClient, httpBatchLink, httpBatchStreamLink, httpLink } from '@trpc/client'
import type { TRPCLink } from '@trpc/client'

type Given = { readonly context?: unknown }

/** What a call is to carry in its headers; the calls of one batch share them. */
const headersOf = ([first]: readonly Given[]): Record<string, string> => {
  const { token, idempotencyKey } = (first?.context ?? {}) as CallOptions
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  }
}

export const links = {
  httpLink: (gatewayUrl: string) =>
    httpLink<AppRouter>({ url: `${gatewayUrl}/trpc`, headers: ({ op }) => headersOf([op]) }),
  httpBatchLink: (gatewayUrl: string) =>
    httpBatchLink<AppRouter>({ url: `${gatewayUrl}/trpc`, headers: ({ opList }) => headersOf(opList) }),
  httpBatchStreamLink: (gatewayUrl: string) =>
    httpBatchStreamLink<AppRouter>({ url: `${gatewayUrl}/trpc`, headers: ({ opList }) => headersOf(opList) }),
} satisfies Record<string, (gatewayUrl: string) => TRPCLink<AppRouter>>

/** The shop's operations through a link. */
export const linkShop = (link: TRPCLink<AppRouter>): Shop => {
  const client = createTRPCUntypedClient<AppRouter>({ links: [link] })
  return async (service, procedure, input, options = {}) => {
    const contract = (services[service] as Record<string, ProcedureContract>)[procedure]
    const kind = contract?.kind === 'mutation' ? 'mutation' : 'query'
    const answer = await client[kind](`${service}.${procedure}`, input, { context: { ...options } })
    // Parsing shows that the face answers what the contract says.
    return contract?.output.parse(answer) as never
  }
}
