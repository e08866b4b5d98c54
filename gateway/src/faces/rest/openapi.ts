/** The OpenAPI 3.1 document of the REST façade, made of the contracts. */
import type { Access } from '@comptoir/contracts/access'
import { about } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { Problem } from '@comptoir/contracts/errors'
import { freshnessOf } from '../../freshness.ts'
import type { Operation, Operations } from '../../operations.ts'
import { errorResponses } from './openapi/errors.ts'
import { exampleOf } from './openapi/example.ts'
import { countedHeadersWith, headerComponents, headersWith } from './openapi/headers.ts'
import { bodyOf, exampled, parameterComponents, parametersOf } from './openapi/input.ts'
import type { Json } from './openapi/json.ts'
import { createSchemas, type Schemas } from './openapi/schemas.ts'
import { securityOf, securitySchemes, type OfferedCredentials } from './openapi/security.ts'
import { locatedOf, showsVersion } from './success.ts'

/** Describes every operation that has a route. Stable: operation ids are `<service>_<procedure>`. */
export const openApi = (operations: Operations, offered: OfferedCredentials): Json => {
  const schemas = createSchemas()
  // Referred to by every error.
  schemas.of(Problem.array(), 'output')
  const responses: Record<string, Json> = {}
  const schemes = securitySchemes(offered)
  const located = locatedOf(operations)
  const paths = pathsOf(operations, { schemas, responses, schemes: Object.keys(schemes), located })
  const text = JSON.stringify([paths, responses])
  const used = (kind: string, all: Readonly<Record<string, Json>>): Json =>
    Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`#/components/${kind}/${name}"`)))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Comptoir',
      version: '1.0.0',
      description:
        'Commerce over REST. Errors are problem documents (RFC 9457) with a stable `code`. Amounts are integers in minor units, times ISO 8601 in UTC.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This gateway' }],
    tags: tagsOf(operations),
    paths,
    components: {
      securitySchemes: schemes,
      parameters: used('parameters', parameterComponents),
      headers: used('headers', headerComponents),
      responses,
      schemas: schemas.componentsOf([paths, responses]),
    },
  }
}

/** What the description of an operation is made with. */
interface Parts {
  readonly schemas: Schemas
  readonly responses: Record<string, Json>
  /** The names of the security schemes. */
  readonly schemes: readonly string[]
  readonly located: ReadonlySet<Operation>
}

const tagsOf = (operations: Operations): Json[] => {
  const descriptions: Readonly<Record<string, string>> = about
  const routed = [...operations.values()].filter(({ contract }) => contract.http !== undefined)
  return [...new Set(routed.map(({ service }) => service))].map((name) => ({
    name,
    description: descriptions[name] ?? `The operations of ${name}.`,
  }))
}

const pathsOf = (operations: Operations, parts: Parts): Json => {
  const paths: Record<string, Json> = {}
  for (const operation of operations.values()) {
    const { http } = operation.contract
    if (http === undefined) continue
    const described = describe(operation, parts)
    paths[http.path] = { ...paths[http.path], [http.method.toLowerCase()]: described }
  }
  return paths
}

const describe = (operation: Operation, parts: Parts): Json => {
  const { schemas, responses, schemes } = parts
  const { contract, service, name } = operation
  return {
    operationId: `${service}_${name}`,
    summary: contract.summary,
    description: [whoMay(contract.access), proofOf(contract), contract.description].filter(isText).join(' '),
    tags: [service],
    security: securityOf(contract, schemes),
    parameters: parametersOf(operation, schemas),
    ...bodyOf(operation, schemas),
    responses: { ...success(operation, parts), ...errorResponses(contract, schemas, responses) },
  }
}

const whoMay = (access: Access): string => {
  if (typeof access === 'object')
    return `For ${people[access.own]}, for their own things; for holders of the right \`${access.all}\`, for everybody’s.`
  return people[access] ?? `For holders of the right \`${access}\`.`
}

const proofOf = ({ access, fresh }: ProcedureContract): string | undefined => {
  if (fresh === undefined) return undefined
  const who = fresh === 'all' && typeof access === 'object' ? `People who hold \`${access.all}\`` : 'People'
  return `${who} have to have proved within the last ten minutes who they are.`
}

const isText = (text: string | undefined): text is string => text !== undefined

const people: Readonly<Record<string, string>> = {
  public: 'For everybody; no credential is needed.',
  guest: 'For any shopper, signed in or not.',
  customer: 'For signed-in people.',
}

const success = (operation: Operation, { schemas, located }: Parts): Json => {
  const { contract } = operation
  const status = contract.http?.status ?? 200
  const isPublicRead = contract.kind === 'query' && contract.access === 'public'
  // A kept answer is told before anybody is counted.
  const isKept = contract.kind === 'query' && isPublicRead && freshnessOf(contract) !== undefined
  const headers = (isKept ? headersWith : countedHeadersWith)(
    'Cache-Control',
    ...(isPublicRead || showsVersion(contract) ? ['ETag'] : []),
    ...(located.has(operation) ? ['Location'] : []),
    ...(contract.kind === 'mutation' && contract.idempotent !== undefined ? ['Idempotency-Replayed'] : []),
  )
  const content = status === 204 ? {} : { content: contentOf(operation, schemas) }
  return {
    [status]: { description: 'Success', headers, ...content },
    ...(isPublicRead ? { 304: { description: 'The answer that the client has still holds.', headers } } : {}),
  }
}

const contentOf = ({ contract }: Operation, schemas: Schemas): Json => {
  const schema = schemas.of(contract.output, 'output')
  if (contract.kind !== 'subscription')
    return { 'application/json': { schema, ...exampled(exampleOf(schema, schemas)) } }
  const stream = { type: 'string', description: 'Server-sent events; the data of each is one item in JSON.' }
  return {
    'text/event-stream': {
      schema: { ...stream, contentMediaType: 'application/json', contentSchema: schema },
    },
  }
}
