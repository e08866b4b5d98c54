import type { AppRouter } from '@comptoir/contracts/app'
import type { ImportReport } from '@comptoir/contracts/catalog/model'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'

export interface Importer {
  /** Sends a batch; what it does is the same however often it is repeated. */
  send(rows: readonly unknown[]): Promise<ImportReport>
}

const attemptsMax = 4
const pauseMs = 500

/** Signs in over the gateway. Rejects when the account is refused, or may not write the catalogue at its first batch. */
export const signIn = async (account: {
  gatewayUrl: string
  email: string
  password: string
}): Promise<Importer> => {
  const url = new URL('/trpc', account.gatewayUrl).href
  const door = createTRPCClient<AppRouter>({ links: [httpLink({ url })] })
  const { email, password } = account
  const session = await door.identity.login.mutate({ email, password })
  const headers = { authorization: `Bearer ${session.accessToken}` }
  const shop = createTRPCClient<AppRouter>({ links: [httpLink({ url, headers })] })
  return { send: (rows) => patiently(() => shop.catalog.importProducts.mutate({ rows: [...rows] })) }
}

/** Tries again what failed on the way or was too much for the moment: rows are upserted, so a repeat does no harm. */
const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      if (attempt === attemptsMax || !isPassing(error)) throw error
      await Bun.sleep(pauseMs * attempt)
    }
  }
}

const isPassing = (error: unknown): boolean => {
  if (!(error instanceof TRPCClientError)) return false
  const status: unknown = error.data?.httpStatus
  return typeof status !== 'number' || status === 429 || status >= 500
}
