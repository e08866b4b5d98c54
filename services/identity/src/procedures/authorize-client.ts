import { ApiClientId } from '@comptoir/contracts/identity/machine-model'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { holdApiClient } from '../db/api-clients.ts'
import { insertCode } from '../db/authorization-codes.ts'
import { askableScopes, codeMs, delegatedScopes } from '../domain/delegation.ts'
import { isRegistered } from '../domain/redirect-uri.ts'
import { lockConsenting } from '../oauth/find-consenting.ts'
import { hashToken, makeToken } from '../security/secret-tokens.ts'
import { endSession } from '../sessions.ts'

export const authorizeClient: Procedure<typeof identity.authorizeClient, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { sessionId, redirectUri, codeChallenge } = input
    const now = ctx.clock.now()
    const { data: id } = ApiClientId.safeParse(input.clientId)
    const client = id && (await holdApiClient(tx, id))
    if (client === undefined || !isRegistered(client.redirectUris, redirectUri))
      throw ctx.fail('CLIENT_UNAUTHORIZED')

    const person = await lockConsenting(ctx, tx, sessionId)
    if (person === undefined) throw ctx.fail('GRANT_INVALID')

    const asked = askableScopes(client.scopes, input.scopes)
    const scopes = delegatedScopes(asked ?? [], client.scopes, person)
    if (scopes.length === 0) throw ctx.fail('SCOPE_INVALID')

    const code = makeToken('ac')
    const { userId, provedAt, secondFactor } = person
    await insertCode(tx, {
      codeHash: hashToken(code),
      clientId: client.id,
      userId,
      redirectUri,
      scopes,
      codeChallenge,
      provedAt,
      secondFactor,
      createdAt: now,
      expiresAt: new Date(now.getTime() + codeMs),
    })
    if (input.endsSession) await endSession(ctx, tx, sessionId)
    const actor = { kind: person.kind, id: userId, scopes: [] }
    await audit({ ...ctx, actor }, tx, { action: 'client.authorized', target: client.id, facts: { scopes } })
    return { code }
  })
