// Two requests, of which the first is written so that somebody might read its end elsewhere: the second is answered as
// itself or not at all, and no service ever hears a request that was hidden in the body of another.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startLoneEdge, type LoneEdge } from './lone-edge.ts'
import { speak, type WireAnswer } from './speak.ts'

let edge: LoneEdge
beforeAll(async () => {
  edge = await startLoneEdge()
})
afterAll(() => edge?.stop())

const host = 'Host: shop.example\r\n'
/** What the attacker wants somebody to take for a request. */
const hidden = `POST /trpc/identity.logout HTTP/1.1\r\n${host}Content-Length: 8\r\n\r\n{"h":"!"`
const size = Buffer.byteLength

interface First {
  readonly path: string
  readonly type?: string
}
const rest: First = { path: '/v1/auth/login' }
const trpc: First = { path: '/trpc/identity.login' }

/** The first request, with these fields of its framing and whatever follows its head. */
const first = ({ path, type = 'application/json' }: First, fields: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\n${host}Content-Type: ${type}\r\n${fields}\r\n\r\n${body}`

const empty = '0\r\n\r\n'
const whole = `Content-Length: ${size(hidden)}`
const asChunk = `${size(hidden).toString(16)}\r\n${hidden}\r\n${empty}`
const chunked = 'Transfer-Encoding: chunked'

/** By what the first request's framing says: fields, then what follows the head. */
const framings: readonly (readonly [what: string, fields: string, body: string])[] = [
  ['CL.TE', `Content-Length: ${size(empty + hidden)}\r\n${chunked}`, empty + hidden],
  ['TE.CL', `${chunked}\r\nContent-Length: 4`, asChunk],
  ['a length of nothing', 'Content-Length: 0', hidden],
  ['a length too short', 'Content-Length: 2', `{}${hidden}`],
  ['the second of two lengths', `Content-Length: 0\r\n${whole}`, hidden],
  ['the first of two lengths', `${whole}\r\nContent-Length: 0`, hidden],
  ['a list of lengths', `Content-Length: 0, ${size(hidden)}`, hidden],
  ['a length with a plus', `Content-Length: +${size(hidden)}`, hidden],
  ['a length in octal', `Content-Length: 0${size(hidden)}`, hidden],
  ['a length with an underscore', `Content-Length: ${size(hidden)}_0`, hidden],
  ['a space before the colon', `Content-Length : ${size(hidden)}`, hidden],
  ['a folded length', `Content-Length:\r\n ${size(hidden)}`, hidden],
  ['a coding that is not quite chunked', 'Transfer-Encoding: xchunked', empty + hidden],
  ['chunked behind a tab and before a comma', 'Transfer-Encoding:\tchunked,', empty + hidden],
  ['chunked and identity', 'Transfer-Encoding: chunked, identity', empty + hidden],
  ['chunked on a folded line', `X: y\r\n ${chunked}\r\nContent-Length: 0`, empty + hidden],
  ['chunked behind a bare CR', `X: y\r${chunked}\r\nContent-Length: 0`, empty + hidden],
  ['chunked behind a bare LF', `X: y\n${chunked}\r\nContent-Length: 0`, empty + hidden],
  ['chunked in quotes', 'Transfer-Encoding: "chunked"', empty + hidden],
  ['chunked with a NUL', 'Transfer-Encoding: chunked\0', empty + hidden],
  ['an underscore for the hyphen', `Transfer_Encoding: chunked\r\nContent-Length: 0`, hidden],
  ['a vertical tab before chunked', `Transfer-Encoding: \x0bchunked`, empty + hidden],
  ['chunks with an extension', chunked, `0;a=b\r\n\r\n${hidden}`],
  ['chunks that end in bare LF', chunked, `0\n\n${hidden}`],
  ['a chunk size beyond 64 bits', chunked, `1${'0'.repeat(16)}0\r\n${hidden}`],
  ['a chunk size with a sign', chunked, `+0\r\n\r\n${hidden}`],
  ['fields behind the last chunk', chunked, `0\r\nContent-Length: ${size(hidden)}\r\n\r\n${hidden}`],
  ['an upgrade', `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n${whole}`, hidden],
  ['a length named as hop-by-hop', `Connection: Content-Length\r\n${whole}`, hidden],
  ['an expectation', `Expect: 100-continue\r\n${whole}`, hidden],
]

const pairs = [rest, trpc].flatMap((target) =>
  framings.map(([what, fields, body]) => ({ what, target, path: target.path, fields, body })),
)

const second = (mark: string) => `GET /v1/products?q=${mark} HTTP/1.1\r\n${host}\r\n`
const isOfSecond = ({ status, body }: WireAnswer, mark: string): boolean =>
  status === 200 && body.includes('/trpc/catalog.listProducts') && body.includes(mark)

test(`there are ${pairs.length} pairs`, () => {
  expect(pairs).toHaveLength(60)
})

describe('the request after', () => {
  test.each(pairs)('$what, on $path, is answered as itself or not at all', async (pair) => {
    const { heard } = edge.echo
    heard.length = 0
    const mark = crypto.randomUUID()
    const attack = first(pair.target, pair.fields, pair.body)
    // On the same connection, as where a front of ours sends one user's request behind another's.
    const { answers } = await speak(edge.url, [attack, second(mark)], { withinMs: 250 })
    const about = answers.filter(({ body }) => body.includes(mark))
    for (const answer of about) expect(isOfSecond(answer, mark) || answer.status === 400).toBe(true)

    // And by another client, whose request takes the way to the service that the first has taken before.
    const again = crypto.randomUUID()
    const other = await speak(edge.url, [second(again)], { answers: 1 })
    expect(other.answers.map((answer) => isOfSecond(answer, again))).toEqual([true])

    for (const request of heard) {
      const sizes = [request.headers['content-length'], request.headers['transfer-encoding']]
      expect(sizes.filter((field) => field !== undefined).length).toBeLessThanOrEqual(1)
      expect([request.method, request.target.split('?')[0]]).toBeOneOf([
        ['POST', '/trpc/identity.login'],
        ['GET', '/trpc/catalog.listProducts'],
        // Hidden behind the end of the first by everybody's reading, and so a request like any other.
        ...(openly.has(pair.what) ? [['POST', '/trpc/identity.logout']] : []),
      ])
    }
  })
})

/** Where what follows the first is a request of its own by RFC 9112, not only by somebody's misreading. */
const openly = new Set([
  'a length of nothing',
  'a length too short',
  'an underscore for the hyphen',
  'chunks with an extension',
])
