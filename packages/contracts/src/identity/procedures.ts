/** What identity answers. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Email, Timestamp } from '../text.ts'
import { IfVersion } from '../version.ts'
import { apiClientProcedures } from './api-clients.ts'
import { apiKeyProcedures } from './api-keys.ts'
import { auditProcedures } from './audit.ts'
import { browserSessionProcedures } from './browser-sessions.ts'
import { accountProcedures, emailTaken, passwordErrors } from './account.ts'
import { addressProcedures } from './addresses.ts'
import { erasureProcedures } from './erasure.ts'
import { exportProcedures } from './export.ts'
import { KeySet, Profile, Registration, Revocation, Session, User } from './model.ts'
import { oauthProcedures } from './oauth.ts'
import { providerLinkProcedures } from './provider-links.ts'
import { providerSignInProcedures } from './provider-sign-in.ts'
import { proofErrors, SecondFactorCode, secondFactorProcedures } from './second-factor.ts'
import { staffProcedures } from './staff.ts'

export const identity = {
  ...browserSessionProcedures,
  ...accountProcedures,
  ...addressProcedures,
  ...providerSignInProcedures,
  ...providerLinkProcedures,
  createGuest: mutation({
    summary: 'Start shopping without an account',
    access: 'public',
    http: { method: 'POST', path: '/v1/auth/guest', status: 201 },
    session: 'opens',
    input: z.strictObject({}),
    output: Session,
  }),
  register: mutation({
    summary: 'Open an account; called with a guest’s token, the guest’s cart comes along',
    access: 'public',
    http: { method: 'POST', path: '/v1/auth/register', status: 201 },
    byNetwork: true,
    session: 'opens',
    input: Registration,
    output: Session,
    errors: {
      EMAIL_TAKEN: emailTaken,
      ...passwordErrors,
    },
  }),
  login: mutation({
    summary: 'Sign in; called with a guest’s token, the guest’s cart comes along',
    description:
      'An account may have ten failed tries in 15 minutes from one network, and a hundred from all of those together from which nobody has signed in to it within 90 days; a right one starts the count anew.',
    access: 'public',
    http: { method: 'POST', path: '/v1/auth/login' },
    byNetwork: true,
    session: 'opens',
    input: z.strictObject({
      email: Email,
      password: z.string().max(128),
      code: SecondFactorCode.optional(),
    }),
    output: Session,
    errors: {
      CREDENTIALS_INVALID: {
        status: 401,
        message: 'This e-mail address and password do not belong together.',
      },
      ...proofErrors,
    },
  }),
  refresh: mutation({
    summary: 'Exchange a refresh token for a new session; each works once',
    access: 'public',
    http: { method: 'POST', path: '/v1/auth/refresh' },
    input: z.strictObject({ refreshToken: z.string().min(1).max(256) }),
    output: Session,
    errors: { REFRESH_TOKEN_INVALID: { status: 401, message: 'This refresh token is not valid any more.' } },
  }),
  logout: mutation({
    summary: 'End the session of a refresh token',
    access: 'public',
    http: { method: 'POST', path: '/v1/auth/logout', status: 204 },
    input: z.strictObject({ refreshToken: z.string().min(1).max(256) }),
    output: z.null(),
  }),
  getMe: query({
    summary: 'The signed-in person’s profile',
    access: 'customer',
    http: { method: 'GET', path: '/v1/me' },
    input: z.strictObject({}),
    output: User,
  }),
  updateMe: mutation({
    summary: 'Change the signed-in person’s profile',
    access: 'customer',
    http: { method: 'PATCH', path: '/v1/me' },
    concurrency: 'version',
    input: Profile.extend({ version: IfVersion }),
    output: User,
  }),
  listKeys: query({
    summary: 'The public keys that access tokens are signed with',
    access: 'public',
    // Of whoever asks for it: without keys nobody is let in, whatever they came for.
    priority: 'checkout',
    input: z.strictObject({}),
    output: KeySet,
  }),
  listRevocations: query({
    summary:
      'What was revoked since, and when to ask from next time; without `since`, all that matters still',
    access: 'internal',
    // A crowd that asks who it is must not keep the edge from hearing who is nobody any more.
    priority: 'checkout',
    input: z.strictObject({ since: Timestamp.optional() }),
    output: z.object({ revocations: z.array(Revocation), until: Timestamp }),
  }),
  ...erasureProcedures,
  ...exportProcedures,
  ...secondFactorProcedures,
  ...staffProcedures,
  ...auditProcedures,
  ...apiKeyProcedures,
  ...apiClientProcedures,
  ...oauthProcedures,
}
