// The shop over REST, as a third party has it: paths and methods as the contracts (and the OpenAPI document) say.
import { services } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import type { CallOptions, Shop } from './shop.ts'

/** The shop's operations over REST. */
export const restShop =
  (gatewayUrl: string): Shop =>
  async (service, procedure, input, options = {}) => {
    const contract = (services[service] as Record<string, ProcedureContract>)[procedure]
    if (contract?.http === undefined) throw new Error(`${service}.${procedure} has no REST route`)
    const { url, init } = requestOf({
      gatewayUrl,
      http: contract.http,
      input: { ...(input as object) },
      options,
    })
    const response = await fetch(url, init)
    const body: unknown = response.status === 204 ? null : await response.json()
    if (!response.ok) throw new Error(`${init.method} ${url} answered ${JSON.stringify(body)}`)
    // Parsing shows that the façade answers what the contract says.
    return contract.output.parse(body) as never
  }

interface Outgoing {
  readonly gatewayUrl: string
  readonly http: { readonly method: string; readonly path: string }
  /** Loses the fields that the path takes. */
  readonly input: Record<string, unknown>
  readonly options: CallOptions
}

const requestOf = ({ gatewayUrl, http, input, options }: Outgoing) => {
  const path = http.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const value = String(input[name])
    delete input[name]
    return encodeURIComponent(value)
  })
  const url = new URL(path, gatewayUrl)
  const inQuery = http.method === 'GET' || http.method === 'DELETE'
  if (inQuery) for (const [name, value] of Object.entries(input)) url.searchParams.set(name, String(value))
  const headers = {
    ...(inQuery ? {} : { 'content-type': 'application/json' }),
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
  }
  return {
    url: url.href,
    init: { method: http.method, headers, ...(inQuery ? {} : { body: JSON.stringify(input) }) },
  }
}
