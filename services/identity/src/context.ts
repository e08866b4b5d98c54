import type { ServiceContext } from '@comptoir/service-kit/context'
import type { StaffSecondFactor } from './domain/rights.ts'
import type { AccessTokens } from './security/access-tokens.ts'
import type { Passwords } from './security/passwords.ts'
import type { Sealing } from './security/sealing.ts'
import type { Uses } from './uses.ts'

export interface Context extends ServiceContext {
  readonly passwords: Passwords
  readonly accessTokens: AccessTokens
  readonly sealing: Sealing | undefined
  readonly staffSecondFactor: StaffSecondFactor
  /** What an authenticator shows beside the account, and what no password may be. */
  readonly shopName: string
  readonly commonPasswords: ReadonlySet<string>
  readonly uses: Uses
}
