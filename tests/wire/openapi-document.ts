// The gateway's own description of itself, as far as requests are made from it.
import { z } from 'zod'

/** A JSON schema; what is not looked at here is left as it is. */
export type Schema = { readonly [keyword: string]: unknown }
const Schema = z.record(z.string(), z.unknown())

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
  schema: Schema,
})

const Described = z.object({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .object({ content: z.object({ 'application/json': z.object({ schema: Schema }) }) })
    .optional(),
  responses: z.record(
    z.string(),
    z.object({
      headers: z.record(z.string(), z.object({ required: z.boolean().default(false) })).default({}),
      content: z.record(z.string(), z.object({ schema: Schema.optional() })).optional(),
    }),
  ),
})
export type Described = z.infer<typeof Described> & { readonly method: string; readonly path: string }

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const methods = ['get', 'post', 'put', 'patch', 'delete']

/** Every operation of the document, with what it refers to written out. */
export const operationsOf = (document: unknown): Described[] =>
  Object.entries(Document.parse(written(document, document)).paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, described]) => ({ ...Described.parse(described), method: method.toUpperCase(), path })),
  )

/** Puts what a reference within the document (RFC 6901) names in its place. None of ours leads back to itself. */
const written = (part: unknown, document: unknown): unknown => {
  if (Array.isArray(part)) return part.map((item) => written(item, document))
  if (typeof part !== 'object' || part === null) return part
  const { $ref, ...own } = part as Record<string, unknown>
  const named = typeof $ref === 'string' ? written(find(document, $ref), document) : {}
  return {
    ...(named as object),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, written(value, document)])),
  }
}

const find = (document: unknown, reference: string): unknown =>
  reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document)
