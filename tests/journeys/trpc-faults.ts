// Everything that can be wrong with a tRPC request.
import { chunked, deep, large, line, someId, wide, withPrototype, type Fault, type Scene } from './fault.ts'

const addLine = '/trpc/carts.addLine'
const adding =
  (body: unknown, headers: Record<string, string> = {}) =>
  ({ token }: Scene) => ({ token, body, headers })
const addingLine = (more: object) => (scene: Scene) => ({ token: scene.token, body: line(scene, more) })
const getOrder = ({ orderId }: Scene) =>
  `/trpc/orders.getOrder?input=${encodeURIComponent(JSON.stringify({ orderId }))}`
const asGuest = ({ token }: Scene) => ({ token })
const asStaff =
  (body: object) =>
  ({ staffToken: token }: Scene) => ({ token, body })

export const trpcFaults: readonly Fault[] = [
  ['an unknown field', 'INVALID_INPUT', addLine, addingLine({ colour: 'red' }), '/colour'],
  ['a wrong type', 'INVALID_INPUT', addLine, addingLine({ quantity: '2' }), '/quantity'],
  ['no input', 'INVALID_INPUT', '/trpc/orders.getOrder', asGuest],
  [
    'a prototype among the fields',
    'INVALID_INPUT',
    addLine,
    (scene) => ({ token: scene.token, body: withPrototype(scene) }),
    '/__proto__',
  ],
  [
    'a prototype in an input',
    'INVALID_INPUT',
    `/trpc/orders.getOrder?input=${encodeURIComponent(`{"orderId":"${someId}","__proto__":{"a":1}}`)}`,
    asGuest,
    '/__proto__',
  ],
  ['JSON of 150,000 levels', 'MALFORMED_REQUEST', addLine, adding(deep(150_000))],
  ['JSON of 1,001 keys', 'MALFORMED_REQUEST', addLine, adding(wide(1_001))],
  ['an input of 33 levels', 'MALFORMED_REQUEST', `/trpc/orders.getOrder?input=${deep(33)}`, asGuest],
  ['malformed JSON', 'MALFORMED_REQUEST', addLine, adding('{"quantity":')],
  ['a malformed input', 'MALFORMED_REQUEST', '/trpc/orders.getOrder?input={', asGuest],
  ['2 MiB', 'BODY_TOO_LARGE', addLine, adding(large)],
  ['2 MiB in chunks', 'BODY_TOO_LARGE', addLine, ({ token }) => ({ token, body: chunked(2 * 1024 * 1024) })],
  ['text', 'UNSUPPORTED_MEDIA_TYPE', addLine, adding('{}', { 'content-type': 'text/plain' })],
  ['no token', 'UNAUTHENTICATED', addLine, (scene) => ({ body: line(scene) })],
  [
    'a guest for a right',
    'FORBIDDEN',
    '/trpc/orders.prepareOrder',
    ({ token, orderId }) => ({ token, body: { orderId } }),
  ],
  ['another’s order', 'ORDER_NOT_FOUND', getOrder, asGuest],
  ['an unknown procedure', 'NOT_FOUND', '/trpc/orders.burn', adding({})],
  ['an unknown service', 'NOT_FOUND', '/trpc/warehouse.burn', adding({})],
  ['an internal procedure', 'NOT_FOUND', '/trpc/catalog.releaseReservation', asStaff({})],
  ['the webhooks’ procedure', 'NOT_FOUND', '/trpc/payments.receiveWebhook', asStaff({})],
  ['a mutation by GET', 'METHOD_NOT_ALLOWED', '/trpc/carts.clearCart?input={}', asGuest],
  ['a query by POST', 'METHOD_NOT_ALLOWED', '/trpc/carts.getCart', adding({})],
  [
    'a wrong method',
    'METHOD_NOT_ALLOWED',
    '/trpc/carts.clearCart',
    ({ token }) => ({ token, method: 'PUT', body: {} }),
  ],
]
