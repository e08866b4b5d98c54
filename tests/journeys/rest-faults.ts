// Everything that can be wrong with a REST request.
import {
  chunked,
  deep,
  forged,
  large,
  line,
  someId,
  wide,
  withPrototype,
  type Fault,
  type Scene,
} from './fault.ts'

const addLine = '/v1/cart/lines'
const some =
  (suffix = '') =>
  ({ orderId }: Scene) =>
    `/v1/orders/${orderId}${suffix}`

/** Adds a line with this instead of a good body. */
const adding =
  (body: unknown, headers: Record<string, string> = {}) =>
  ({ token }: Scene) => ({ token, body, headers })
const addingLine = (more: object) => (scene: Scene) => ({ token: scene.token, body: line(scene, more) })
const asGuest = ({ token }: Scene) => ({ token })
const writing = ({ token }: Scene) => ({ token, body: {} })
const nothing = () => ({})

const inputs: readonly Fault[] = [
  ['an unknown field', 'INVALID_INPUT', addLine, addingLine({ colour: 'red' }), '/colour'],
  ['an unknown field of the query', 'INVALID_INPUT', '/v1/products?colour=red', nothing, '/colour'],
  ['a missing field', 'INVALID_INPUT', addLine, adding({}), '/quantity'],
  ['no body', 'INVALID_INPUT', addLine, ({ token }) => ({ token, method: 'POST' }), '/variantId'],
  ['a wrong type', 'INVALID_INPUT', addLine, addingLine({ quantity: '2' }), '/quantity'],
  ['a list for a word of the query', 'INVALID_INPUT', '/v1/products?q=a&q=b', nothing, '/q'],
  ['a negative number of units', 'INVALID_INPUT', addLine, addingLine({ quantity: -1 }), '/quantity'],
  ['a fraction of a unit', 'INVALID_INPUT', addLine, addingLine({ quantity: 1.5 }), '/quantity'],
  ['a number too large for one', 'INVALID_INPUT', addLine, adding('{"quantity":1e999}'), '/quantity'],
  ['an id that is none', 'INVALID_INPUT', '/v1/orders/42', asGuest, '/orderId'],
  ['text for a number', 'INVALID_INPUT', '/v1/products?limit=many', nothing, '/limit'],
  ['a repeated field', 'INVALID_INPUT', '/v1/products?limit=1&limit=2', nothing, '/limit'],
  ['a page too large', 'INVALID_INPUT', '/v1/products?limit=101', nothing, '/limit'],
  [
    'a field of the path given again',
    'INVALID_INPUT',
    some('/cancel'),
    ({ ownerToken: token, orderId }) => ({ token, body: { orderId } }),
    '/orderId',
  ],
  ['an array for an object', 'INVALID_INPUT', addLine, adding([]), ''],
  ['null for an object', 'INVALID_INPUT', addLine, adding('null'), ''],
  [
    'a prototype among the fields',
    'INVALID_INPUT',
    addLine,
    (scene) => ({ token: scene.token, body: withPrototype(scene) }),
    '/__proto__',
  ],
  [
    'a constructor among the fields',
    'INVALID_INPUT',
    addLine,
    addingLine({ constructor: { prototype: { a: 1 } } }),
    '/constructor',
  ],
  ['a prototype in the query', 'INVALID_INPUT', '/v1/products?__proto__=1', nothing, '/__proto__'],
  ['a NUL in a text', 'INVALID_INPUT', '/v1/products?q=a%00b', nothing, '/q'],
  ['a cursor of nobody', 'CURSOR_INVALID', '/v1/products?cursor=bm9uc2Vuc2U', nothing],
]

const bodies: readonly Fault[] = [
  ['malformed JSON', 'MALFORMED_REQUEST', addLine, adding('{"quantity":')],
  ['JSON of 33 levels', 'MALFORMED_REQUEST', addLine, adding(deep(33))],
  ['JSON of 150,000 levels', 'MALFORMED_REQUEST', addLine, adding(deep(150_000))],
  ['JSON of 1,001 keys', 'MALFORMED_REQUEST', addLine, adding(wide(1_001))],
  ['no UTF-8', 'MALFORMED_REQUEST', addLine, adding(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]))],
  [
    'an If-Match that is no tag',
    'MALFORMED_REQUEST',
    '/v1/cart',
    ({ token }) => ({ token, method: 'DELETE', headers: { 'if-match': 'v1' } }),
  ],
  [
    'an If-Match of another version',
    'PRECONDITION_FAILED',
    '/v1/cart',
    ({ token }) => ({ token, method: 'DELETE', headers: { 'if-match': '"v99.a"' } }),
  ],
  ['2 MiB', 'BODY_TOO_LARGE', addLine, adding(large)],
  ['2 MiB in chunks', 'BODY_TOO_LARGE', addLine, ({ token }) => ({ token, body: chunked(2 * 1024 * 1024) })],
  [
    'a form',
    'UNSUPPORTED_MEDIA_TYPE',
    addLine,
    adding('quantity=1', { 'content-type': 'application/x-www-form-urlencoded' }),
  ],
  ['text', 'UNSUPPORTED_MEDIA_TYPE', addLine, adding('{}', { 'content-type': 'text/plain' })],
  ['a compressed body', 'UNSUPPORTED_MEDIA_TYPE', addLine, adding('{}', { 'content-encoding': 'gzip' })],
]

const rights: readonly Fault[] = [
  ['no token', 'UNAUTHENTICATED', addLine, (scene) => ({ body: line(scene) })],
  ['a token that is none', 'UNAUTHENTICATED', addLine, (scene) => ({ token: 'none', body: line(scene) })],
  ['a forged token', 'UNAUTHENTICATED', addLine, (scene) => ({ token: forged(scene), body: line(scene) })],
  [
    'a forged token where none is needed',
    'UNAUTHENTICATED',
    '/v1/products',
    (scene) => ({ token: forged(scene) }),
  ],
  ['a guest for an account', 'FORBIDDEN', '/v1/me', asGuest],
  ['a guest for a right', 'FORBIDDEN', some('/prepare'), writing],
  ['another’s order', 'ORDER_NOT_FOUND', some(), asGuest],
  ['another’s timeline', 'ORDER_NOT_FOUND', some('/timeline'), asGuest],
  ['another’s order to cancel', 'ORDER_NOT_FOUND', some('/cancel'), writing],
  ['another’s payment', 'PAYMENT_NOT_FOUND', some('/payment'), asGuest],
  [
    'another’s order to pay',
    'ORDER_NOT_FOUND',
    some('/payment'),
    ({ token }) => ({ token, body: {}, headers: { 'idempotency-key': crypto.randomUUID() } }),
  ],
  ['an order that is none', 'ORDER_NOT_FOUND', `/v1/orders/${someId}`, asGuest],
]

const routes: readonly Fault[] = [
  ['an unknown route', 'NOT_FOUND', '/v1/nothing', asGuest],
  ['a route that climbs', 'NOT_FOUND', '/v1/%2e%2e/%2e%2e/etc/passwd', asGuest],
  ['a wrong method', 'METHOD_NOT_ALLOWED', '/v1/orders', ({ token }) => ({ token, method: 'PUT', body: {} })],
]

export const restFaults: readonly Fault[] = [...inputs, ...bodies, ...rights, ...routes]
