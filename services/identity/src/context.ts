import type { ServiceContext } from '@comptoir/service-kit/context'
import type { AccessTokens } from './security/access-tokens.ts'
import type { Passwords } from './security/passwords.ts'
import type { Sealing } from './security/sealing.ts'

export interface Context extends ServiceContext {
  readonly passwords: Passwords
  readonly accessTokens: AccessTokens
  readonly sealing: Sealing | undefined
  readonly shopName: string
  readonly commonPasswords: ReadonlySet<string>
}
