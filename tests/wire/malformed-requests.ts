// Requests of which every one is wrong somewhere, drawn by chance: none of them may be done.
import type { Chance } from './chance.ts'
import { overAuth, overGraphql, overOauth, overSession } from './malformed-elsewhere.ts'
import {
  type Malformed,
  operations,
  wrongHeaders,
  wrongObject,
  wrongQuery,
  wrongSegments,
  wrongText,
} from './wrong-content.ts'

const routed = operations.filter(({ declaration }) => declaration.http !== undefined)

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'SEARCH', 'PURGE', 'REPORT']

/** Draws one request of a caller with this token. */
export const drawMalformed = (chance: Chance, token: string | undefined): Malformed =>
  chance.pick(ways)(chance, token)

const overRest = (chance: Chance, token: string | undefined): Malformed => {
  const { http } = chance.pick(routed).declaration
  if (http === undefined) throw new Error('An operation with a route has none')
  const path = http.path.replaceAll(/\{\w+\}/g, () =>
    chance.pick(['01900000-0000-7000-8000-000000000000', chance.pick(wrongSegments)]),
  )
  const { method } = http
  const takesBody = method !== 'GET' && method !== 'DELETE'
  const headers = wrongHeaders(chance)
  if (!takesBody) return { path: `${path}${wrongQuery(chance)}`, asking: { method, token, headers } }
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

const ways = [overRest, overRest, overRest, overTrpc, overTrpc, nowhere].concat([
  overGraphql,
  overGraphql,
  overOauth,
  overSession,
  overAuth,
])
