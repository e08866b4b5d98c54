import type { accountProcedures } from '@comptoir/contracts/identity/account'
import type { Procedures } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { issueLetterToken } from '../procedures/issue-letter-token.ts'
import { requestEmailVerification } from '../procedures/request-email-verification.ts'
import { verifyEmail } from '../procedures/verify-email.ts'

/** What people do about their own account. */
export const accountsArea: Procedures<typeof accountProcedures, Context> = {
  requestEmailVerification,
  verifyEmail,
  issueLetterToken,
}
