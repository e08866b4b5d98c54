// Requests of which every one is wrong somewhere, drawn by chance: none of them may be done.
import { services } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import type { Asking } from '../journeys/ask.ts'
import type { Chance } from './chance.ts'

export interface Malformed {
  readonly path: string
  readonly asking: Asking
}

const operations = Object.entries(services).flatMap(([service, contract]) =>
  Object.entries<ProcedureContract>(contract)
    .filter(([, { access, kind }]) => access !== 'internal' && kind !== 'subscription')
    .map(([name, declaration]) => ({ path: `${service}.${name}`, declaration })),
)
const routed = operations.filter(({ declaration }) => declaration.http !== undefined)

const unknown = 'no such field'
const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  '',
  ' ',
  'a'.repeat(5_000),
  '\u0000',
  '\ud800',
  '\u202e',
  "' or 1=1 --",
  '../../etc/passwd',
  '${7*7}',
  [],
  [[]],
  {},
  { a: { b: [] } },
  '01900000-0000-7000-8000-000000000000',
]

/** An object that no contract takes: whatever else it holds, one field is of no contract. */
const wrongObject = (chance: Chance): Record<string, unknown> => {
  const names = Object.keys(fieldsOf(chance.pick(operations).declaration))
  const chosen = names.filter(() => chance.below(2) === 0)
  return {
    ...Object.fromEntries(chosen.map((name) => [name, chance.pick(odd)])),
    [unknown]: chance.pick(odd),
  }
}

const fieldsOf = ({ input }: ProcedureContract): object =>
  'shape' in input && typeof input.shape === 'object' && input.shape !== null ? input.shape : {}

/** Text in place of JSON. */
const wrongText = (chance: Chance): string | Uint8Array<ArrayBuffer> => {
  const json = JSON.stringify(wrongObject(chance))
  const depth = chance.pick([33, 1_000, 100_000])
  return chance.pick([
    () => json.slice(0, Math.max(1, chance.below(json.length))),
    () => `${json}${json}`,
    () => `\ufeff${json.slice(1)}`,
    () => json.replaceAll('"', "'"),
    () => '['.repeat(depth),
    () => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    () =>
      chance.pick(['null', '[]', '1', '"text"', 'true', 'NaN', 'undefined', '{"a":1e}', '{"a":01}', '{,}']),
    () => '{"__proto__":{"admin":true}}',
    () => '{"constructor":{"prototype":{"admin":true}}}',
    () => `{"a":"${'x'.repeat(chance.pick([10, 10, 10, 10, 1_100_000]))}`,
    () => Uint8Array.from({ length: 1 + chance.below(200) }, () => 128 + chance.below(128)),
    () => Uint8Array.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  ])()
}

const wrongHeaders = (chance: Chance): Record<string, string> =>
  chance.pick<Record<string, string>>([
    {},
    {},
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': ';;;' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'br, gzip' },
    { 'idempotency-key': 'short' },
    { 'idempotency-key': 'k'.repeat(300) },
    { accept: 'text/html;q=broken' },
    { 'trpc-accept': 'application/jsonl' },
    { 'last-event-id': '\u00ff\u00fe' },
    { 'x-request-id': '<script>' },
    { traceparent: '00-zz-zz-zz' },
    { authorization: 'Basic ==' },
    { authorization: 'Bearer a.b.c' },
    { cookie: `a=${'b'.repeat(3_000)}` },
    { range: 'bytes=0-,-' },
    { 'if-match': '"' },
  ])

const wrongSegments = [
  '%',
  '%zz',
  '%00',
  '%E0%A4%A',
  '%ff%fe',
  '%c0%ae%c0%ae',
  '..%2f..',
  '%2e%2e',
  ';a=b',
  ' ',
  'a'.repeat(3_000),
  '-1',
  '%F0%9F%92%A9',
  '*',
]

const query = (chance: Chance): string =>
  chance.pick([
    `?${encodeURIComponent(unknown)}=1`,
    '?no+such+field=%',
    '?no+such+field=%ff&limit=%00',
    `?limit=${chance.pick(['-1', '0', '101', 'many', '1e3', '', '1&limit=2'])}&${encodeURIComponent(unknown)}=1`,
    `?__proto__=1&${encodeURIComponent(unknown)}`,
    `?cursor=${'A'.repeat(chance.below(600))}&no+such+field=`,
  ])

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'SEARCH', 'PURGE', 'REPORT']

/** Draws one request of a caller with this token. */
export const drawMalformed = (chance: Chance, token: string | undefined): Malformed =>
  chance.pick([overRest, overRest, overRest, overTrpc, overTrpc, nowhere])(chance, token)

const overRest = (chance: Chance, token: string | undefined): Malformed => {
  const { http } = chance.pick(routed).declaration
  if (http === undefined) throw new Error('An operation with a route has none')
  const path = http.path.replaceAll(/\{\w+\}/g, () =>
    chance.pick(['01900000-0000-7000-8000-000000000000', chance.pick(wrongSegments)]),
  )
  const { method } = http
  const takesBody = method !== 'GET' && method !== 'DELETE'
  const headers = wrongHeaders(chance)
  if (!takesBody) return { path: `${path}${query(chance)}`, asking: { method, token, headers } }
  const body = chance.below(2) === 0 ? wrongObject(chance) : wrongText(chance)
  return { path, asking: { method, token, headers, body } }
}

const overTrpc = (chance: Chance, token: string | undefined): Malformed => {
  const { path, declaration } = chance.pick(operations)
  const isWrite = declaration.kind === 'mutation'
  const headers = wrongHeaders(chance)
  const paths = chance.pick([
    path,
    path,
    path,
    `${path},${path}`,
    `${path},,`,
    `${path}.more`,
    'no.such',
    `%2c${path}`,
  ])
  const batch = chance.pick(['', '', '?batch=1', '?batch=%', '?batch=1&batch=2'])
  const body = chance.below(2) === 0 ? wrongObject(chance) : wrongText(chance)
  if (isWrite) return { path: `/trpc/${paths}${batch}`, asking: { method: 'POST', token, headers, body } }
  const text = typeof body === 'string' ? body : body instanceof Uint8Array ? '%ff%fe' : JSON.stringify(body)
  const input = chance.pick([encodeURIComponent(text.toWellFormed().slice(0, 2_000)), '%', '%ff', '{', ''])
  return {
    path: `/trpc/${paths}${batch}${batch === '' ? '?' : '&'}input=${input}`,
    asking: { token, headers },
  }
}

/** A method or a path that nobody offers. */
const nowhere = (chance: Chance, token: string | undefined): Malformed => ({
  path: `/${chance.pick(['v1', 'v2', 'trpc', 'graphql', 'webhooks', 'openapi.json', ''])}/${chance.pick(wrongSegments)}`,
  asking: { method: chance.pick(methods), token, headers: wrongHeaders(chance) },
})
