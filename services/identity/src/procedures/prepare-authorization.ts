import { ApiClientId } from '@comptoir/contracts/identity/machine-model'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { holdApiClient } from '../db/api-clients.ts'
import { findUser } from '../db/users.ts'
import { askableScopes, delegatedScopes } from '../domain/delegation.ts'
import { isRegistered } from '../domain/redirect-uri.ts'
import { findConsenting } from '../oauth/find-consenting.ts'

export const prepareAuthorization: Procedure<typeof identity.prepareAuthorization, Context> = async ({
  ctx,
  input,
}) => {
  const { data: id } = ApiClientId.safeParse(input.clientId)
  const client = id && (await ctx.transaction((tx) => holdApiClient(tx, id)))
  if (client === undefined) throw ctx.fail('CLIENT_UNKNOWN')
  if (!isRegistered(client.redirectUris, input.redirectUri)) throw ctx.fail('REDIRECT_URI_UNKNOWN')

  const asked = askableScopes(client.scopes, input.scopes)
  const person = input.sessionId === null ? undefined : await findConsenting(ctx, ctx.db, input.sessionId)
  const user = person && (await findUser(ctx.db, person.userId))
  return {
    clientName: client.name,
    scopes: person && asked ? delegatedScopes(asked, client.scopes, person) : (asked ?? []),
    person: user === undefined ? null : { name: user.name, email: user.email },
  }
}
