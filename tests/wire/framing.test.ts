// How requests begin and end on the wire (RFC 9112): each case as bytes, against the gateway as a process.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startLoneEdge, type LoneEdge } from './lone-edge.ts'
import { speak } from './speak.ts'

let edge: LoneEdge
beforeAll(async () => {
  edge = await startLoneEdge()
})
afterAll(() => edge?.stop())

const host = 'Host: shop.example\r\n'
const get = (...fields: string[]): string =>
  `GET /healthz HTTP/1.1\r\n${host}${fields.map((field) => `${field}\r\n`).join('')}\r\n`
const login = '/v1/auth/login'
/** A write with these fields and this body. */
const post = (fields: string, body: string): string =>
  `POST ${login} HTTP/1.1\r\n${host}Content-Type: application/json\r\n${fields}\r\n\r\n${body}`
const inChunks = (chunks: string): string => post('Transfer-Encoding: chunked', chunks)

type Case = readonly [what: string, pieces: string | readonly string[]]

/** A whole request cut into two segments behind these words. */
const cut = (behind: string): readonly string[] => {
  const whole = get('X-First: one', 'X-Second: two')
  const at = whole.indexOf(behind) + behind.length
  return [whole.slice(0, at), whole.slice(at)]
}

const good: readonly Case[] = [
  ['a plain request', get()],
  ['a request cut within its method', cut('GE')],
  ['a request cut behind its method', cut('GET')],
  ['a request cut before its target', cut('GET ')],
  ['a request cut within its target', cut('GET /heal')],
  ['a request cut behind its target', cut('/healthz')],
  ['a request cut within its version', cut('HTTP/1')],
  ['a request cut behind its first line', cut('HTTP/1.1')],
  ['a request cut within the first end of line', cut('HTTP/1.1\r')],
  ['a request cut behind the first end of line', cut('HTTP/1.1\r\n')],
  ['a request cut within a name', cut('X-Fir')],
  ['a request cut behind a colon', cut('X-First:')],
  ['a request cut before a value', cut('X-First: ')],
  ['a request cut within a value', cut('X-First: on')],
  ['a request cut behind a value', cut('X-First: one')],
  ['a request cut within its last end of line', cut('X-Second: two\r\n\r')],
  ['a request byte by byte', get('X-First: one').split('')],
  ['names in any case, tabs before values and empty values', get('hOSt-x:\tone', 'Empty:', 'X-Last:   z')],
  ['the target in absolute form', `GET http://shop.example/healthz HTTP/1.1\r\n${host}\r\n`],
  ['a body of a known length', post('Content-Length: 2', '{}')],
  ['a body in pieces', [post('Content-Length: 9', '{"a"'), ':"b', '"}']],
  ['a body in chunks', inChunks('2\r\n{}\r\n0\r\n\r\n')],
  ['a body in chunks of which each is cut', [inChunks('1'), '\r\n{', '\r', '\n1\r\n}\r\n', '0\r\n', '\r\n']],
  ['the name of the chunked coding in capitals', post('Transfer-Encoding: CHUNKED', '2\r\n{}\r\n0\r\n\r\n')],
  // They are to be passed over (7.1.1); that our server does so without a trace is why they cannot be refused either.
  ['a chunk with an extension', inChunks('2;name=value\r\n{}\r\n0\r\n\r\n')],
  ['a body that the client asks to send', post('Expect: 100-continue\r\nContent-Length: 2', '{}')],
]

describe('is answered, and the connection stays:', () => {
  test.each(good)('%s', async (_what, pieces) => {
    const { answers, closed, rest } = await speak(edge.url, [pieces].flat(), { answers: 1 })
    expect([answers.map(({ status }) => status), closed, rest]).toEqual([[200], false, ''])
  })
})

/** Refused by the status named, and the connection ends. */
type Bad = readonly [what: string, status: number, pieces: string | readonly string[]]

const heads: readonly Bad[] = [
  ['no version', 505, `GET /healthz\r\n${host}\r\n`],
  ['an unknown version', 505, `GET /healthz HTTP/9.9\r\n${host}\r\n`],
  ['HTTP/2.0 in words', 505, `GET /healthz HTTP/2.0\r\n${host}\r\n`],
  ['words before the method', 400, `Extra lineGET /healthz HTTP/1.1\r\n${host}\r\n`],
  ['a space in the target', 505, `GET /heal thz HTTP/1.1\r\n${host}\r\n`],
  ['a method that is no token', 400, `GE(T /healthz HTTP/1.1\r\n${host}\r\n`],
  ['a target that is no path', 400, `GET healthz HTTP/1.1\r\n${host}\r\n`],
  ['a target of another scheme', 400, `GET ftp://shop.example/healthz HTTP/1.1\r\n${host}\r\n`],
  ['a target with a fragment', 400, `GET /healthz#part HTTP/1.1\r\n${host}\r\n`],
  ['the asterisk', 400, `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
  ['TRACE', 405, `TRACE /healthz HTTP/1.1\r\n${host}\r\n`],
  ['CONNECT', 405, `CONNECT shop.example:443 HTTP/1.1\r\n${host}\r\n`],
  ['PROPFIND', 405, `PROPFIND /healthz HTTP/1.1\r\n${host}\r\n`],
  ['no Host', 400, 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['an empty Host', 400, 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n'],
  ['two Hosts', 400, `GET /healthz HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`],
  ['the same Host twice', 400, `GET /healthz HTTP/1.1\r\n${host}${host}\r\n`],
  ['a Host with a path', 400, 'GET /healthz HTTP/1.1\r\nHost: shop.example/x\r\n\r\n'],
  ['a Host with a user', 400, 'GET /healthz HTTP/1.1\r\nHost: me@shop.example\r\n\r\n'],
  ['a Host list', 400, 'GET /healthz HTTP/1.1\r\nHost: shop.example, evil.example\r\n\r\n'],
  ['a name with a bracket', 400, get('X(Y: one')],
  ['a name with a space before its colon', 400, get('X-First : one')],
  ['an empty name', 400, get(': one')],
  ['a line without a colon', 400, get('X-First')],
  ['a space before the first name', 400, `GET /healthz HTTP/1.1\r\n ${host}\r\n`],
  ['a folded value', 400, get('X-First: one', ' two')],
  ['NUL in a value', 400, get('X-First: o\0ne')],
  ['NUL in a name', 400, get('X\0First: one')],
  ['a control character in a value', 400, get('X-First: o\x01ne')],
  ['a bare CR in a value', 400, get('X-First: o\rne')],
  ['a bare CR at the end of a line', 400, `GET /healthz HTTP/1.1\r\n${host}\rX-First: one\r\n\r\n`],
  ['a bare LF at the end of a line', 400, `GET /healthz HTTP/1.1\r\n${host}X-First: one\n\r\n`],
  ['nothing but bare LF', 505, 'GET /healthz HTTP/1.1\nHost: shop.example\n\n'],
  ['a value of 17,000 bytes', 431, get(`X-First: ${'a'.repeat(17_000)}`)],
  ['a target of 17,000 bytes', 431, `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${host}\r\n`],
  ['300 fields', 431, get(...Array.from({ length: 300 }, () => 'a: b'))],
]

const bodies: readonly Bad[] = [
  ['a length and chunks', 400, post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
  ['chunks and a length', 400, post('Transfer-Encoding: chunked\r\nContent-Length: 2', '0\r\n\r\n')],
  ['two lengths', 400, post('Content-Length: 2\r\nContent-Length: 3', '{} ')],
  ['the same length twice', 400, post('Content-Length: 2\r\nContent-Length: 2', '{}')],
  ['a list of lengths', 400, post('Content-Length: 2, 2', '{}')],
  ['a negative length', 400, post('Content-Length: -2', '{}')],
  ['a negative length beyond 64 bits', 400, post(`Content-Length: -${'9'.repeat(30)}`, '{}')],
  ['a length with a plus', 400, post('Content-Length: +2', '{}')],
  ['a length beyond 64 bits', 400, post(`Content-Length: ${'9'.repeat(30)}`, '{}')],
  ['a length in hexadecimal', 400, post('Content-Length: 0x2', '{}')],
  ['a length that is no number', 400, post('Content-Length: two', '{}')],
  ['an empty length', 400, post('Content-Length:', '')],
  ['a space before the colon of a length', 400, post('Content-Length : 2', '{}')],
  ['a coding other than chunked', 400, post('Transfer-Encoding: gzip', '')],
  ['chunked behind another coding', 400, post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n')],
  ['chunked twice', 400, post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
  ['identity', 400, post('Transfer-Encoding: identity\r\nContent-Length: 2', '{}')],
  ['a coding that looks like chunked', 400, post('Transfer-Encoding: xchunked', '0\r\n\r\n')],
  ['chunks in HTTP/1.0', 400, `POST ${login} HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a chunk size that is no number', 400, inChunks('zz\r\n{}\r\n0\r\n\r\n')],
  ['a chunk size with a sign', 400, inChunks('-2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk size with 0x', 400, inChunks('0x2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk size beyond 64 bits', 400, inChunks(`${'f'.repeat(18)}\r\n{}\r\n0\r\n\r\n`)],
  ['an empty chunk size', 400, inChunks('\r\n{}\r\n0\r\n\r\n')],
  ['a chunk longer than it says', 400, inChunks('2\r\n{ }\r\n0\r\n\r\n')],
  ['chunks that end in bare LF', 400, inChunks('2\n{}\n0\n\n')],
]

describe('is refused, and the connection is closed:', () => {
  test.each([...heads, ...bodies])('%s, by %d', async (_what, status, pieces) => {
    const before = edge.echo.heard.length
    const { answers, closed } = await speak(edge.url, [pieces].flat())
    expect([answers.map((answer) => answer.status), closed]).toEqual([[status], true])
    expect(edge.echo.heard).toHaveLength(before)
  })

  // The server knows no other methods than those in Node's list, and ends the connection without a word.
  test.each(['FOO', 'get'])('the method %s, without an answer', async (method) => {
    const { answers, closed } = await speak(edge.url, [`${method} /healthz HTTP/1.1\r\n${host}\r\n`])
    expect([answers, closed]).toEqual([[], true])
  })

  test('fields behind the last chunk: the request is answered, and nothing else of the connection is read', async () => {
    const whole = inChunks('2\r\n{}\r\n0\r\nX-Trailer: one\r\n\r\n') + get()
    const { answers, closed } = await speak(edge.url, [whole])
    expect(answers.map(({ status }) => status)).not.toContain(404)
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(closed).toBe(true)
  })
})

describe('the connection', () => {
  test('is kept for the next request, and the one after', async () => {
    const { answers, rest } = await speak(edge.url, [get(), post('Content-Length: 2', '{}'), get()], {
      answers: 3,
      inTurn: true,
    })
    expect([answers.map(({ status }) => status), rest]).toEqual([[200, 200, 200], ''])
  })

  // The server ends a connection on which a request comes while an answer is still being made. A client may then ask
  // again (RFC 9112, 9.3.2); nobody gets an answer that is another's.
  test('answers requests sent at once in their order, or ends', async () => {
    const marks = ['first', 'second', 'third']
    const all = marks.map((mark) => post(`Content-Length: ${mark.length + 8}`, `{"a":"${mark}"}`)).join('')
    const { answers, closed } = await speak(edge.url, [all], { answers: 3 })
    const told = answers.map(({ body }) => /(first|second|third)/.exec(body)?.[1])
    expect(told).toEqual(marks.slice(0, told.length))
    expect(told.length === 3 || closed).toBe(true)
  })

  test.each([
    ['when the client asks for it', get('Connection: close') + get()],
    ['after HTTP/1.0', `GET /healthz HTTP/1.0\r\n${host}\r\n`],
  ])('is closed %s', async (_when, whole) => {
    const { answers, closed } = await speak(edge.url, [whole])
    expect([answers.map(({ status }) => status), closed]).toEqual([[200], true])
  })

  test('is closed where a second request on it is not sound, and the first has its answer', async () => {
    const { answers, closed } = await speak(edge.url, [get(), get('X-First : one') + get()], { inTurn: true })
    expect([answers.map(({ status }) => status), closed]).toEqual([[200, 400], true])
  })
})

test('a refusal of a request that the server let through is a problem document with an id', async () => {
  const { answers } = await speak(edge.url, [`TRACE /v1/products HTTP/1.1\r\n${host}Cookie: secret\r\n\r\n`])
  const { headers = {}, body = '' } = answers[0] ?? {}
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    connection: 'close',
    allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  })
  expect(headers['x-request-id']).toMatch(/^[\w-]{8,64}$/)
  expect(body).not.toContain('secret')
})

// Its server hands on the Host field only (RFC 9112, 3.2.2 wants the target's host): the one case of this kind.
test('a target in absolute form with another host is answered as if for the Host field', async () => {
  const { answers } = await speak(edge.url, [`GET http://evil.example/healthz HTTP/1.1\r\n${host}\r\n`], {
    answers: 1,
  })
  expect(answers.map(({ status }) => status)).toEqual([200])
  expect(JSON.stringify(answers)).not.toContain('evil.example')
})

test('an answer that is kept is not told to a request that is not sound', async () => {
  const list = (fields: string) => [`GET /v1/products?q=kept HTTP/1.1\r\n${fields}\r\n`]
  for (const _ of [1, 2]) {
    const { answers } = await speak(edge.url, list(host), { answers: 1 })
    expect(answers[0]?.status).toBe(200)
  }
  const { answers, closed } = await speak(edge.url, list(`${host}Host: evil.example\r\n`))
  expect([answers.map(({ status }) => status), closed]).toEqual([[400], true])
})
