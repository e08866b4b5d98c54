// Wrong requests to what takes other things than the JSON of a contract: GraphQL documents, forms, cookies, ways back.
import type { Chance } from './chance.ts'
import { type Malformed, odd, wrongHeaders, wrongObject, wrongSegments, wrongText } from './wrong-content.ts'

type Draw = (chance: Chance, token: string | undefined) => Malformed

const somebody = '01900000-0000-7000-8000-000000000000'
const documents = [
  'query Some($first: Int) { catalogListProducts(first: $first) { nodes { name } } }',
  `query { ordersGetOrder(orderId: "${somebody}") { id status } }`,
  'mutation { cartsClearCart { id } }',
  `mutation { ordersCancelOrder(orderId: "${somebody}") { id } }`,
  `subscription { ordersWatchOrder(orderId: "${somebody}") { status } }`,
]

/** A document that says nothing that could be done. */
const wrongDocument = (chance: Chance): string => {
  const document = chance.pick(documents)
  const many = chance.pick([40, 400, 4_000])
  return chance.pick([
    () => document.slice(0, 1 + chance.below(document.length - 2)),
    () => `${document} ${document}`,
    () => document.replace('{', '{ noSuchField '),
    () => document.replace('{', '{ ...Nothing '),
    () => `${document} fragment A on Query { ...B } fragment B on Query { ...A }`,
    () => document.replace('{', '@noSuchDirective {'),
    () => document.replace('}', "' }"),
    () => `query { ${Array.from({ length: many }, (_, n) => `a${n}: noSuchField`).join(' ')} }`,
    () => `query { ${'a { '.repeat(many)}b${' }'.repeat(many)} }`,
    () => `query { catalogListProducts(first: ${'['.repeat(many)}1${']'.repeat(many)}) { nodes { name } } }`,
    () =>
      `query { catalogListProducts(first: ${chance.pick(['-1', '1e400', '99999999999', '"one"', '$none'])}) { nodes { noSuchField } } }`,
    () => '\u0000{ __typename',
    () => `#${'x'.repeat(many)}`,
    () => '',
  ])()
}

export const overGraphql: Draw = (chance, token) => {
  const headers = wrongHeaders(chance)
  if (chance.below(4) === 0) {
    const text = encodeURIComponent(wrongDocument(chance).slice(0, 3_000))
    return { path: `/graphql?query=${text}`, asking: { token, headers } }
  }
  const query = chance.pick([() => wrongDocument(chance), () => chance.pick(odd)])()
  const question = chance.pick([
    () => ({ query }),
    () => ({ query, variables: chance.pick(odd), operationName: chance.pick(odd) }),
    () => ({ query, extensions: chance.pick(odd) }),
    () => [{ query }, { query }],
    () => wrongText(chance),
  ])()
  return { path: '/graphql', asking: { method: 'POST', token, headers, body: question } }
}

const parameters =
  'grant_type code redirect_uri code_verifier refresh_token scope token client_id client_secret ' +
  'response_type code_challenge request step decision email'
const said = [
  'authorization_code',
  'client_credentials',
  'refresh_token',
  'password',
  'plain',
  'S256',
  'code',
]

/** Parameters of which none has a client that there is. */
const wrongForm = (chance: Chance): string => {
  const form = new URLSearchParams()
  for (const name of parameters.split(' ')) {
    const value = chance.pick([chance.pick(said), String(chance.pick(odd)), somebody])
    const times = chance.pick([0, 0, 1, 1, 2])
    for (let n = 0; n < times; n += 1) form.append(name, value.toWellFormed())
  }
  return form.toString()
}

export const overOauth: Draw = (chance, token) => {
  const path = `/oauth/${chance.pick(['token', 'token', 'introspect', 'revoke', 'authorize'])}`
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const headers = chance.pick([form, form, { ...form, authorization: 'Basic eDp5' }, wrongHeaders(chance)])
  if (chance.below(4) === 0)
    return { path: `${path}?${wrongForm(chance).slice(0, 3_000)}`, asking: { token, headers } }
  const body = chance.pick([() => wrongForm(chance), () => '%=%ff&&==&', () => wrongText(chance)])()
  return { path, asking: { method: 'POST', token, headers, body } }
}

export const overSession: Draw = (chance, token) => {
  const path = `/session${chance.pick(['/login', '/register', '/createGuest', '/reauthenticate', '/no-such', '/%'])}`
  const cookie = `__Host-session=${chance.pick(['', 'a', '"', 'x'.repeat(2_000), somebody])}`
  const headers = { ...wrongHeaders(chance), ...chance.pick([{}, { cookie }, { origin: 'null' }]) }
  const body = chance.below(2) === 0 ? wrongObject(chance) : wrongText(chance)
  return { path, asking: { method: chance.pick(['POST', 'POST', 'PUT']), token, headers, body } }
}

export const overAuth: Draw = (chance, token) => {
  const provider = chance.pick(['keycloak', ...wrongSegments])
  const step = chance.pick(['start', 'continue', 'callback', 'callback', 'no-such'])
  const search = chance.pick([
    '',
    '?state=a&code=b',
    '?state=%ff',
    `?state=${'s'.repeat(3_000)}`,
    '?returnTo=//a',
  ])
  return { path: `/auth/${provider}/${step}${search}`, asking: { token, headers: wrongHeaders(chance) } }
}
