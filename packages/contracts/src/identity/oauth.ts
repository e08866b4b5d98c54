/** What the edge asks for its OAuth 2.0 endpoints; each error stands for one of RFC 6749, 5.2. */
import { z } from 'zod'
import { ActorKind, Scope } from '../access.ts'
import { mutation, query } from '../contract.ts'
import { Timestamp } from '../text.ts'

/** By what a client says who it is; a public one has no secret. */
const client = z.strictObject({ clientId: z.string().max(64), secret: z.string().max(256).nullable() })
export type ClientProof = z.infer<typeof client>

const token = z.string().min(1).max(8_192)
/** Null: everything that the client may have. */
const scopes = z.array(z.string().max(64)).max(64).nullable()

const OAuthTokens = z.object({
  accessToken: z.string(),
  expiresAt: Timestamp,
  scopes: z.array(Scope),
  refreshToken: z.string().nullable(),
})
export type OAuthTokens = z.infer<typeof OAuthTokens>

const Introspection = z.object({
  kind: z.enum(['access', 'refresh']),
  subject: z.string(),
  subjectKind: ActorKind,
  scopes: z.array(Scope),
  issuedAt: Timestamp,
  expiresAt: Timestamp,
  issuer: z.string(),
})
export type Introspection = z.infer<typeof Introspection>

const CLIENT_INVALID = {
  status: 401,
  message: 'The client is not known, or did not prove who it is.',
} as const
const CLIENT_UNAUTHORIZED = { status: 400, message: 'The client may not ask for this.' } as const
const GRANT_INVALID = {
  status: 400,
  message: 'The code or token is not valid any more, or another’s.',
} as const
const SCOPE_INVALID = { status: 400, message: 'The scope is not one that can be given here.' } as const

/** What the person is asked about, and what the code is made for. */
const authorization = {
  clientId: z.string().max(64),
  redirectUri: z.string().max(2_048),
  scopes,
}

export const oauthProcedures = {
  grantToClient: mutation({
    summary: 'An access token for a client itself',
    access: 'internal',
    input: z.strictObject({ client, scopes }),
    output: OAuthTokens,
    errors: { CLIENT_INVALID, CLIENT_UNAUTHORIZED, SCOPE_INVALID },
  }),
  redeemCode: mutation({
    summary: 'The tokens of an authorization code; a second use ends what the first one opened',
    access: 'internal',
    input: z.strictObject({
      client,
      code: token,
      redirectUri: z.string().max(2_048),
      codeVerifier: z.string().max(128),
    }),
    output: OAuthTokens,
    errors: { CLIENT_INVALID, GRANT_INVALID, SCOPE_INVALID },
  }),
  refreshDelegation: mutation({
    summary: 'The next tokens of a client that acts for somebody, with the rights they have now',
    access: 'internal',
    input: z.strictObject({ client, refreshToken: token, scopes }),
    output: OAuthTokens,
    errors: { CLIENT_INVALID, GRANT_INVALID, SCOPE_INVALID },
  }),
  revokeToken: mutation({
    summary: 'End what a token of the client belongs to; nothing where it is none',
    access: 'internal',
    input: z.strictObject({ client, token }),
    output: z.null(),
    errors: { CLIENT_INVALID },
  }),
  introspectToken: mutation({
    summary: 'What a token of the client is good for; null where it is none',
    access: 'internal',
    input: z.strictObject({ client, token }),
    output: Introspection.nullable(),
    errors: { CLIENT_INVALID },
  }),
  prepareAuthorization: query({
    summary: 'What a person is to be asked who was sent here by a client',
    access: 'internal',
    input: z.strictObject({
      ...authorization,
      /** The person’s sign-in; null while it is not known who they are. */
      sessionId: z.uuid().nullable(),
    }),
    output: z.object({
      clientName: z.string(),
      /** Empty where it asks for more than can be given, or for nothing that the person has in this sign-in. */
      scopes: z.array(Scope),
      /** Null where the sign-in is over, or not the person’s own. */
      person: z.object({ name: z.string(), email: z.string() }).nullable(),
    }),
    errors: {
      CLIENT_UNKNOWN: { status: 404, message: 'There is no such client.' },
      REDIRECT_URI_UNKNOWN: { status: 400, message: 'The client has not registered this address.' },
    },
  }),
  authorizeClient: mutation({
    summary: 'Make a code of a person’s consent',
    access: 'internal',
    input: z.strictObject({
      ...authorization,
      codeChallenge: z.string().regex(/^[\w-]{43}$/),
      sessionId: z.uuid(),
      /** Whether the person signed in for this one question. */
      endsSession: z.boolean(),
    }),
    output: z.object({ code: z.string() }),
    errors: {
      GRANT_INVALID: { status: 400, message: 'The person’s sign-in is over.' },
      SCOPE_INVALID,
      CLIENT_UNAUTHORIZED,
    },
  }),
}
