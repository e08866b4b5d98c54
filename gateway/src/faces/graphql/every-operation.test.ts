import { describe, expect, test } from 'bun:test'
import { anonymous, judge, refusals, Scope, scopesOfKind, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import { commonErrors, ServiceError, type ErrorDeclaration } from '@comptoir/contracts/errors'
import { publicOperations, type Operation } from '../../operations.ts'
import { asActor, asStaff, graphqlEdge } from '../../testing/graphql-edge.ts'
import { questionOf } from '../../testing/graphql-question.ts'
import { pascal } from './type-names.ts'
import { graphqlSchema } from './schema.ts'

const operations = publicOperations(services)
const schema = graphqlSchema(operations)
let failure: ServiceError | undefined
const fails = (): never => {
  throw failure
}
const { post } = graphqlEdge({
  answers: Object.fromEntries([...operations.keys()].map((path) => [path, fails])),
})

const ask = async (operation: Operation, headers: Record<string, string>, error?: ServiceError) => {
  const { service, name, contract } = operation
  const field = schema.getRootType(contract.kind)?.getFields()[`${service}${pascal(name)}`]
  const query = field === undefined ? '' : questionOf(contract.kind, field)
  failure = error ?? new ServiceError('ASKED', { status: 409, message: 'The service was asked.' })
  const accept = contract.kind === 'subscription' ? 'text/event-stream' : 'application/json'
  const response = await post({ query }, { accept, ...headers })
  const text = (await response.text()).replace(/^[^]*?data: (.*)[^]*$/, '$1')
  const { errors } = JSON.parse(text) as {
    errors: { extensions: { code: string; problem: Record<string, unknown> } }[]
  }
  expect(errors).toHaveLength(1)
  return { ...errors[0]?.extensions, requestId: response.headers.get('x-request-id') }
}

const verdicts = { ...refusals, allowed: 'ASKED' }
const provedAt = Math.floor(Date.now() / 1_000)
const actors: readonly Actor[] = [
  ...(['guest', 'customer', 'staff', 'admin'] as const).map((kind) => ({
    kind,
    id: kind,
    scopes: [...scopesOfKind[kind]],
    provedAt,
  })),
  ...Scope.options.map((scope) => ({ kind: 'client' as const, id: scope, scopes: [scope] })),
]
const callers = [
  ['nobody', {}, anonymous] as const,
  ...actors.map((actor) => [actor.id, asActor(actor), actor] as const),
]

describe.each([...operations.values()].map((operation) => [operation.path, operation] as const))(
  '%s over GraphQL',
  (_path, operation) => {
    test.each(callers)('may be called by %s where its contract says so', async (_who, headers, actor) => {
      const { code } = await ask(operation, headers)
      expect(code).toBe(verdicts[judge(operation.contract, actor, { viaService: false, now: new Date() })])
    })

    const declared: [string, ErrorDeclaration | { status: number; message: string }][] = Object.entries({
      ...operation.contract.errors,
      INVALID_INPUT: commonErrors.INVALID_INPUT,
      UNAVAILABLE: commonErrors.UNAVAILABLE,
    })
    test.each(declared)('tells %s as its service says it', async (code, { status, message }) => {
      const data = { about: code }
      const error = new ServiceError(code, { status, message, data })
      const { problem, requestId, ...told } = await ask(operation, asStaff, error)
      expect(told.code).toBe(code)
      expect(problem).toMatchObject({ code, status, detail: message, data, requestId, instance: '/graphql' })
    })
  },
)
