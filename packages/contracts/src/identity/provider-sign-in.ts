/** Signing in by an account at an OpenID provider: what the edge asks while a browser goes there and back. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { UserId } from '../ids.ts'
import { proofErrors } from './second-factor.ts'

/** The name by which a shop's settings, and addresses at the edge, know a provider. */
export const ProviderId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'Expected up to 32 small letters, digits and hyphens, such as google')
export type ProviderId = z.infer<typeof ProviderId>

/**
 * A path on the site itself, whatever a browser makes of it: `//host`, `/\host` and control characters, which browsers skip,
 * would lead elsewhere.
 */
export const ReturnPath = z
  .string()
  .max(1_024)
  .regex(/^\/(?![/\\])[\x21-\x5B\x5D-\x7E]*$/, 'Expected a path of this site such as /account')

/** 256 random bits in a cookie: who comes back must be the browser that left. */
const binding = z.string().regex(/^[\w-]{43}$/)
const provider = ProviderId
/** Where the provider sends the browser back to, at the edge. */
const redirectUri = z.url({ protocol: /^https?$/ }).max(2_048)
const data = z.object({ returnTo: ReturnPath })
/** The account that the browser is signed in to, as the edge knows it by the cookie. */
const session = z.strictObject({ id: z.uuid(), subject: UserId })

const PROVIDER_UNKNOWN = { status: 404, message: 'There is no such way to sign in.' } as const
const PROVIDER_UNAVAILABLE = {
  status: 503,
  message: 'The provider cannot be reached right now; try again, or sign in another way.',
} as const
const SIGN_IN_INVALID = {
  status: 400,
  message: 'This sign-in was not begun in this browser, took too long, or is over; begin anew.',
} as const

export const providerSignInProcedures = {
  listSignInProviders: query({
    summary: 'By which providers people can sign in: send a browser to /auth/{id}/start',
    access: 'public',
    http: { method: 'GET', path: '/v1/auth/providers' },
    input: z.strictObject({}),
    output: z.object({ providers: z.array(z.object({ id: ProviderId, name: z.string() })) }),
  }),
  startProviderSignIn: mutation({
    summary: 'Where to send a browser whose person wants to sign in by a provider',
    access: 'internal',
    timeoutMs: 8_000,
    input: z.strictObject({
      provider,
      redirectUri,
      returnTo: ReturnPath,
      binding,
      guestId: z.uuid().nullable(),
    }),
    output: z.object({ location: z.url() }),
    errors: { PROVIDER_UNKNOWN, PROVIDER_UNAVAILABLE },
  }),
  continueProviderSignIn: mutation({
    summary:
      'Where to send a browser whose signed-in person has begun something that a provider has a say in',
    access: 'internal',
    timeoutMs: 8_000,
    input: z.strictObject({ provider, redirectUri, state: binding, session }),
    output: z.object({ location: z.url() }),
    errors: {
      PROVIDER_UNKNOWN,
      PROVIDER_UNAVAILABLE: { ...PROVIDER_UNAVAILABLE, data },
      SIGN_IN_INVALID,
    },
  }),
  finishProviderSignIn: mutation({
    summary: 'What comes of it that a provider has sent somebody back; each start comes back at most once',
    access: 'internal',
    timeoutMs: 9_000,
    input: z.strictObject({
      provider,
      redirectUri,
      /** What a sign-in is bound to; null where the browser has none. */
      binding: binding.nullable(),
      /** What anything else is bound to; left out where nobody is signed in, as by gateways that know of nothing else. */
      session: session.optional(),
      /** What the provider has put into the query of the address, as it stands there. */
      query: z.string().max(8_192),
    }),
    /** Without a token the browser keeps the session that it has. */
    output: z.object({ refreshToken: z.string().nullable(), returnTo: ReturnPath }),
    errors: {
      PROVIDER_UNKNOWN,
      PROVIDER_UNAVAILABLE: { ...PROVIDER_UNAVAILABLE, data },
      SIGN_IN_INVALID,
      SIGN_IN_DECLINED: { status: 400, message: 'The provider has not signed you in.', data },
      PROVIDER_ANSWER_INVALID: { status: 400, message: 'The provider’s answer cannot be trusted.', data },
      PROVIDER_EMAIL_UNVERIFIED: {
        status: 409,
        message: 'The provider does not say that your e-mail address is verified; verify it there first.',
        data,
      },
      ACCOUNT_NOT_LINKABLE: {
        status: 409,
        message: 'There is an account with this e-mail address that is not linked by the address alone.',
        data,
      },
      PROVIDER_ACCOUNT_TAKEN: {
        status: 409,
        message: 'Somebody else’s account here is linked to this account at the provider.',
        data,
      },
      PROVIDER_LINKED: {
        status: 409,
        message: 'Another account at this provider is linked already; unlink that one first.',
        data,
      },
      PROVIDER_ACCOUNT_OTHER: {
        status: 409,
        message: 'This is not the account at the provider that is linked to yours.',
        data,
      },
      PROVIDER_PROOF_STALE: {
        status: 401,
        message: 'The provider does not say that you have signed in there just now.',
        data,
      },
      SECOND_FACTOR_REQUIRED: { ...proofErrors.SECOND_FACTOR_REQUIRED, data },
      ACCOUNT_CLOSED: { status: 403, message: 'This account cannot sign in any more.', data },
    },
  }),
}
