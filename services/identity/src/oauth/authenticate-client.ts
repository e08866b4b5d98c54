import { timingSafeEqual } from 'node:crypto'
import { ApiClientId } from '@comptoir/contracts/identity/machine-model'
import type { ClientProof } from '@comptoir/contracts/identity/oauth'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { type Client, holdApiClient } from '../db/api-clients.ts'
import { hashToken } from '../security/secret-tokens.ts'

/** Of nothing that anybody could show. */
const nobodys = '0'.repeat(64)

/** The client that proves who it is; undefined for any other, known or not, after as much work. */
export const authenticateClient = async (
  ctx: Context,
  tx: Transaction,
  { clientId, secret }: ClientProof,
): Promise<Client | undefined> => {
  const { data: id } = ApiClientId.safeParse(clientId)
  const client = id === undefined ? undefined : await holdApiClient(tx, id)
  const wanted = client?.secretHash ?? nobodys
  const fits = timingSafeEqual(Buffer.from(hashToken(secret ?? '')), Buffer.from(wanted))
  const isPublic = client?.secretHash === null
  if (client === undefined || (isPublic ? secret !== null : !fits)) return undefined
  ctx.uses.note(client.id, ctx.clock.now())
  return client
}
