/** With what an operation may be called, and with which rights: told by the same judge that lets callers in. */
import { delegableScopes, judge, machineScopes, type Actor, type Scope } from '@comptoir/contracts/access'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { cookieName } from '../../../credentials/browser-cookie.ts'
import { words } from '../../oauth/authorize/words.ts'
import type { Json } from './json.ts'

export interface OfferedCredentials {
  /** Whether a browser's cookie is a credential here. */
  readonly cookies: boolean
  /** Whether third parties get tokens here. */
  readonly oauth: boolean
}

export const securitySchemes = ({ cookies, oauth }: OfferedCredentials): Record<string, Json> => ({
  accessToken,
  ...(cookies ? { session } : {}),
  apiKey,
  ...(oauth ? { oauth2 } : {}),
})

const accessToken: Json = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The `accessToken` of a session: of a guest, a customer or a member of the staff.',
}

const session: Json = {
  type: 'apiKey',
  in: 'cookie',
  name: cookieName,
  description:
    'A browser’s session, which `POST /session/…` and `/auth/…` give. With it, writes are heard as JSON and from trusted pages only.',
}

const apiKey: Json = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'ck_live_…',
  description:
    'The key of a machine, which `POST /v1/api-keys` makes, with the rights that it was made with.',
}

const scopesOf = (scopes: readonly Scope[]): Json =>
  Object.fromEntries(scopes.map((scope) => [scope, words.en.scopes[scope] ?? scope]))

const oauth2: Json = {
  type: 'oauth2',
  description:
    'A token of a third party (RFC 6749): for itself by client credentials, for somebody who consents by an authorization code with PKCE (S256).',
  flows: {
    clientCredentials: { tokenUrl: '/oauth/token', scopes: scopesOf(machineScopes) },
    authorizationCode: {
      authorizationUrl: '/oauth/authorize',
      tokenUrl: '/oauth/token',
      refreshUrl: '/oauth/token',
      scopes: scopesOf(delegableScopes),
    },
  },
}

/** Each of them does by itself; beside a scheme are the rights that who shows it must hold. */
export const securityOf = (contract: ProcedureContract, schemes: readonly string[]): Json[] => {
  const { access } = contract
  if (access === 'public') return [{}, ...schemes.map((scheme): Json => ({ [scheme]: [] }))]
  const own = typeof access === 'string' && access.includes(':') ? [access] : []
  const people = ['accessToken', 'session'].map((scheme): Json => ({ [scheme]: own }))
  const ofMachine = machineScopes.filter((scope) => mayCall(contract, machineWith(scope)))
  const ofThirdParty = delegableScopes.filter(
    (scope) => ofMachine.includes(scope) || mayCall(contract, delegateWith(scope)),
  )
  const others = [
    ...ofMachine.map((scope): Json => ({ apiKey: [scope] })),
    ...ofThirdParty.map((scope): Json => ({ oauth2: [scope] })),
  ]
  return [...people, ...others].filter((one) => Object.keys(one).every((scheme) => schemes.includes(scheme)))
}

const machineWith = (scope: Scope): Actor => ({ kind: 'client', id: 'machine', scopes: [scope] })
const delegateWith = (scope: Scope): Actor => ({
  kind: 'customer',
  id: 'somebody',
  scopes: [scope],
  via: 'third party',
})

const mayCall = (contract: ProcedureContract, actor: Actor): boolean =>
  judge(contract, actor, { viaService: false, now: new Date() }) === 'allowed'
