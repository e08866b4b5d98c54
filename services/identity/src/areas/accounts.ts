import type { accountProcedures } from '@comptoir/contracts/identity/account'
import type { Procedures } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { changePassword } from '../procedures/change-password.ts'
import { confirmEmailChange } from '../procedures/confirm-email-change.ts'
import { requestEmailChange } from '../procedures/request-email-change.ts'
import { endSession } from '../procedures/end-session.ts'
import { issueLetterToken } from '../procedures/issue-letter-token.ts'
import { listSessions } from '../procedures/list-sessions.ts'
import { logoutEverywhere } from '../procedures/logout-everywhere.ts'
import { requestPasswordReset } from '../procedures/request-password-reset.ts'
import { resetPassword } from '../procedures/reset-password.ts'
import { requestEmailVerification } from '../procedures/request-email-verification.ts'
import { verifyEmail } from '../procedures/verify-email.ts'

/** What people do about their own account. */
export const accountsArea: Procedures<typeof accountProcedures, Context> = {
  requestEmailVerification,
  verifyEmail,
  issueLetterToken,
  requestPasswordReset,
  resetPassword,
  changePassword,
  requestEmailChange,
  confirmEmailChange,
  logoutEverywhere,
  listSessions,
  endSession,
}
