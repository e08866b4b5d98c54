import { delegableScopes, machineScopes, type Scope } from '@comptoir/contracts/access'
import type { Holder } from './rights.ts'

/** How long a code may be on its way from the person's browser to the client (RFC 6749, 4.1.2). */
export const codeMs = 60_000

/** What a client may do for itself of what it asks for; undefined where it asks for more. Null asks for all of it. */
export const ownScopes = (client: readonly Scope[], asked: readonly string[] | null): Scope[] | undefined =>
  within(
    client.filter((scope) => machineScopes.includes(scope)),
    asked,
  )

/** What a client may ask people for; undefined where it asks for more. Null asks for all of it. */
export const askableScopes = (
  client: readonly Scope[],
  asked: readonly string[] | null,
): Scope[] | undefined =>
  within(
    client.filter((scope) => delegableScopes.includes(scope)),
    asked,
  )

/** What is left of `asked` once no more than the client was registered for and the person has themselves. */
export const delegatedScopes = (
  asked: readonly Scope[],
  client: readonly Scope[],
  person: Pick<Holder, 'scopes'>,
): Scope[] =>
  asked.filter((scope) => client.includes(scope) && (scope === 'account' || person.scopes.includes(scope)))

const within = (offered: readonly Scope[], asked: readonly string[] | null): Scope[] | undefined => {
  if (asked === null) return [...offered]
  const known = offered.filter((scope) => asked.includes(scope))
  return asked.length > 0 && asked.every((scope) => known.some((one) => one === scope)) ? known : undefined
}
