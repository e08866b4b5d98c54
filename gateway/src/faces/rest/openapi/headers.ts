/** Headers of answers, described once among the components. */
import type { Json } from './json.ts'

const text = { type: 'string' }

export const headerComponents: Readonly<Record<string, Json>> = {
  'X-Request-Id': {
    description: 'The id of this request, to be told to support; the client’s own where it is harmless.',
    required: true,
    schema: text,
    example: '0f8a2c9e-6f0b-4d59-9d3f-0f0f2f6f7a11',
  },
  Traceparent: {
    description: 'The trace of this request (W3C Trace Context).',
    required: true,
    schema: text,
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
  ETag: {
    description:
      'A strong entity tag (RFC 9110), for If-None-Match on a public read and If-Match on a write.',
    schema: text,
    example: '"v7.Xw2kZ3n0q1R5t8Yb4Lm9Aw"',
  },
  'Cache-Control': {
    description: 'Whether and for how long the answer may be used again (RFC 9111).',
    required: true,
    schema: text,
    example: 'public, max-age=5, stale-if-error=300',
  },
  Location: {
    description: 'Where the created resource is.',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
    example: '/v1/orders/01990000-0000-7000-8000-000000000001',
  },
  'Idempotency-Replayed': {
    description: '`true` where the answer is that of the first request with this Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
  RateLimit: {
    description:
      'What is left of the quota that is nearest to its end (draft-ietf-httpapi-ratelimit-headers-11): the caller’s of reads or writes, or the address’s.',
    required: true,
    schema: text,
    example: '"read";r=598;t=1',
  },
  'RateLimit-Policy': {
    description: 'How much that quota is in all.',
    required: true,
    schema: text,
    example: '"read";q=600;w=60',
  },
  'Retry-After': {
    description: 'After how many seconds it is worth to try again.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  'WWW-Authenticate': {
    description:
      'How to authenticate (RFC 6750), and where a fresh proof is asked for, how fresh (RFC 9470).',
    required: true,
    schema: text,
    example: 'Bearer',
  },
}

const always = ['X-Request-Id', 'Traceparent']
const counted = ['RateLimit', 'RateLimit-Policy']

/** The headers of an answer that may have come before anybody was counted: those that every answer has, and some more. */
export const headersWith = (...more: readonly string[]): Json =>
  Object.fromEntries([...always, ...more].map((name) => [name, { $ref: `#/components/headers/${name}` }]))

/** The same of one before which the limits were asked. */
export const countedHeadersWith = (...more: readonly string[]): Json => headersWith(...counted, ...more)
