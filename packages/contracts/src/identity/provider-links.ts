/** The accounts at OpenID providers by which a signed-in person can sign in, and what they can prove by one. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Timestamp } from '../text.ts'
import { ProviderId, ReturnPath } from './provider-sign-in.ts'
import { proofErrors } from './second-factor.ts'

export const ProviderLink = z.object({
  id: z.uuid(),
  provider: ProviderId.nullable().describe('Null where the shop does not offer the provider any more'),
  name: z.string().describe('What people know the provider by'),
  linkedAt: Timestamp,
})
export type ProviderLink = z.infer<typeof ProviderLink>

const PROVIDER_UNKNOWN = { status: 404, message: 'There is no such way to sign in.' } as const
const BROWSER_SESSION_REQUIRED = {
  status: 409,
  message: 'Only a browser that holds its session in a cookie can be sent to a provider and back.',
} as const

const input = z.strictObject({
  provider: ProviderId,
  returnTo: ReturnPath.optional().describe(
    'Where on this site the browser is to come back to; / unless told',
  ),
})
const output = z.object({
  location: z
    .string()
    .describe('Where on this site to send the browser next, within ten minutes; it leads to the provider'),
})

export const providerLinkProcedures = {
  listProviderLinks: query({
    summary: 'The accounts at providers by which the person can sign in, oldest first',
    access: 'customer',
    http: { method: 'GET', path: '/v1/me/providers' },
    input: z.strictObject({}),
    output: z.object({ items: z.array(ProviderLink) }),
  }),
  startProviderLink: mutation({
    summary: 'Begin to link an account at a provider; the same browser, still signed in, has to come back',
    access: 'customer',
    fresh: true,
    priority: 'account',
    http: { method: 'POST', path: '/v1/me/providers' },
    input,
    output,
    errors: {
      PROVIDER_UNKNOWN,
      PROVIDER_LINKED: {
        status: 409,
        message: 'An account at this provider is linked already; unlink that one first.',
      },
      BROWSER_SESSION_REQUIRED,
    },
  }),
  removeProviderLink: mutation({
    summary:
      'Unlink an account at a provider, which no sign-in links again by its address; ends every other session',
    access: 'customer',
    fresh: true,
    priority: 'account',
    http: { method: 'DELETE', path: '/v1/me/providers/{linkId}', status: 204 },
    input: z.strictObject({ linkId: z.uuid() }),
    output: z.null(),
    errors: {
      PROVIDER_LINK_NOT_FOUND: { status: 404, message: 'No such account is linked.' },
      LAST_WAY_IN: {
        status: 409,
        message: 'There would be no way left to sign in; choose a password or link another provider first.',
      },
    },
  }),
  startProviderProof: mutation({
    summary:
      'Begin to prove again who you are by signing in anew at a linked provider, with the same browser',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/reauthenticate/provider' },
    input,
    output,
    errors: {
      PROVIDER_UNKNOWN,
      PROVIDER_NOT_LINKED: { status: 409, message: 'No account at this provider is linked.' },
      SECOND_FACTOR_REQUIRED: proofErrors.SECOND_FACTOR_REQUIRED,
      BROWSER_SESSION_REQUIRED,
    },
  }),
}
