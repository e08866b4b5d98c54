/** What reads, checks and runs GraphQL requests. */
import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import { createYoga, isAsyncIterable, mapAsyncIterator, type GraphQLParams, type Plugin } from 'graphql-yoga'
import type { Operations } from '../../operations.ts'
import type { GraphqlContext } from './builder.ts'
import { createFewKept } from './few-kept.ts'
import { excess } from './limits.ts'
import { graphqlSchema } from './schema.ts'
import { shownError, type ShownTo } from './shown-errors.ts'

/** What belongs to one request. */
interface EngineContext extends GraphqlContext {
  /** The parsed body; undefined where the question is in the address. */
  readonly body: unknown
  readonly to: ShownTo
}

export type Engine = (request: Request, context: EngineContext) => Promise<Response>

export interface EngineOptions {
  readonly operations: Operations
  readonly introspection: boolean
}

const tokensMax = 1_000
const charactersMax = 20_000
const documentsKept = 200
const faultsTold = 10

export const createEngine = ({ operations, introspection }: EngineOptions): Engine => {
  const yoga = createYoga<EngineContext>({
    schema: graphqlSchema(operations),
    plugins: [
      takeBody(),
      readWithin(),
      introspection ? {} : withoutIntrospection(),
      streamOnly(),
      runWithin(),
      showErrors(),
    ],
    parserAndValidationCache: {
      documentCache: createFewKept<DocumentNode>(documentsKept),
      // What does not parse is not worth remembering.
      errorCache: { get: () => undefined, set: () => undefined },
    },
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    maskedErrors: false,
  })
  return async (request, context) => yoga.fetch(request, context)
}

type EnginePlugin = Plugin<EngineContext, EngineContext>

/** The body has been read, bounded and parsed already. */
const takeBody = (): EnginePlugin => ({
  onRequestParse: ({ request, serverContext, setRequestParser }) => {
    if (request.method === 'POST') setRequestParser(() => serverContext.body as GraphQLParams)
  },
})

/** Long texts are refused before they are read, and many small words while they are. */
const readWithin = (): EnginePlugin => ({
  onParams: ({ params }) => {
    if (typeof params.query === 'string' && params.query.length > charactersMax)
      throw badRequest(`The query has more than ${charactersMax} characters.`)
  },
  onParse: ({ setParseFn }) => {
    setParseFn((source: string) => parse(source, { maxTokens: tokensMax }))
  },
})

const withoutIntrospection = (): EnginePlugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
})

interface Execution {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined
}

const runWithin = (): EnginePlugin => {
  const check = ({ args }: { readonly args: Execution }): void => {
    const { schema, document, operationName, variableValues } = args
    const operation = getOperationAST(document, operationName)
    if (operation === undefined || operation === null) return
    const error = excess({ schema, document, operation, variables: variableValues ?? {} })
    if (error !== undefined) throw badRequest(error.message)
  }
  return { onExecute: check, onSubscribe: check }
}

/** Before the stream is opened: nobody would end one that cannot be told. */
const streamOnly = (): EnginePlugin => ({
  onSubscribe: ({ args: { contextValue } }) => {
    const accept = contextValue.request.headers.get('accept') ?? '*/*'
    if (/text\/event-stream|text\/\*|\*\/\*/i.test(accept)) return
    const message = 'A subscription is answered as text/event-stream only.'
    throw new GraphQLError(message, { extensions: { http: { status: 406 } } })
  },
})

/** A status that only those see who ask for GraphQL’s own media type; `application/json` is answered with 200. */
const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { http: { status: 400, spec: true } } })

/** Every error, wherever it comes from, passes here on its way out. */
const showErrors = (): EnginePlugin => ({
  onResultProcess: ({ result, setResult, serverContext: { to } }) => {
    if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, (one) => shownResult(one, to)))
    else if (!Array.isArray(result)) setResult(shownResult(result, to))
  },
})

const shownResult = (result: ExecutionResult, to: ShownTo): ExecutionResult =>
  result.errors === undefined
    ? result
    : { ...result, errors: toldOf(result, result.errors).map((error) => shownError(error, to)) }

/** A short question can have a fault in each of its words; the first of them are enough to go on with. */
const toldOf = <E>({ data }: ExecutionResult, errors: readonly E[]): readonly E[] =>
  data === undefined ? errors.slice(0, faultsTold) : errors
