/** Where a request comes from, as far as those may say it whom we trust. */
import type { Context } from 'hono'
import type { HttpBindings } from '../bindings.ts'
import type { EdgeEnv } from '../edge-context.ts'
import { clientAddress, type TrustedProxies } from './client-address.ts'

/** Undefined where there is no server: a test calls the routes by themselves. */
export const requestAddress = (
  { env, req }: Context<EdgeEnv>,
  trusted: TrustedProxies,
): string | undefined => {
  const socket = (env as Partial<HttpBindings> | undefined)?.server?.requestIP(req.raw)?.address
  if (socket === undefined) return undefined
  const forwarded = trusted === 0 ? null : req.raw.headers.get('x-forwarded-for')
  return clientAddress(socket, forwarded, trusted)
}
