// What is wrong with a request: fields of no contract, text that is no JSON, headers and paths that say nothing.
import { services } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import type { Asking } from '../journeys/ask.ts'
import type { Chance } from './chance.ts'

export interface Malformed {
  readonly path: string
  readonly asking: Asking
}

export const operations = Object.entries(services).flatMap(([service, contract]) =>
  Object.entries<ProcedureContract>(contract)
    .filter(([, { access, kind }]) => access !== 'internal' && kind !== 'subscription')
    .map(([name, declaration]) => ({ path: `${service}.${name}`, declaration })),
)
const unknown = 'no such field'
export const odd: readonly unknown[] = [
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
export const wrongObject = (chance: Chance): Record<string, unknown> => {
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
export const wrongText = (chance: Chance): string | Uint8Array<ArrayBuffer> => {
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

export const wrongHeaders = (chance: Chance): Record<string, string> =>
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

export const wrongSegments = [
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

export const wrongQuery = (chance: Chance): string =>
  chance.pick([
    `?${encodeURIComponent(unknown)}=1`,
    '?no+such+field=%',
    '?no+such+field=%ff&limit=%00',
    `?limit=${chance.pick(['-1', '0', '101', 'many', '1e3', '', '1&limit=2'])}&${encodeURIComponent(unknown)}=1`,
    `?__proto__=1&${encodeURIComponent(unknown)}`,
    `?cursor=${'A'.repeat(chance.below(600))}&no+such+field=`,
  ])
