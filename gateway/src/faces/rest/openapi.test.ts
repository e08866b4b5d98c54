import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { z } from 'zod'
import { publicOperations } from '../../operations.ts'
import { openApi } from './openapi.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
}

interface Described {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { properties: object } }> }
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>
  readonly security: readonly object[]
}

const operations = publicOperations(services)
const document = openApi(operations) as {
  openapi: string
  paths: Record<string, Record<string, Described>>
}
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('describes every operation that has a route, under an id of its own', () => {
  const routes = [...operations.values()].filter(({ contract }) => contract.http !== undefined)
  const ids = described.map(({ operation }) => operation.operationId)
  expect(ids.toSorted()).toEqual(routes.map(({ service, name }) => `${service}_${name}`).toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

test('has no internal operation', () => {
  expect(JSON.stringify(document)).not.toContain('reserveStock')
})

describe.each(described)('$method $path', ({ path, method, operation }) => {
  const named = (place: string) =>
    operation.parameters.filter((parameter) => parameter.in === place).map(({ name }) => name)

  test('declares exactly the parameters of its path', () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    expect(named('path').toSorted()).toEqual(inPath.toSorted())
  })

  test('takes each field of its input in one place', () => {
    const { input } = operations.get(operation.operationId.replace('_', '.'))?.contract ?? {}
    const fields = input instanceof z.ZodObject ? Object.keys(input.shape) : []
    const body = Object.keys(operation.requestBody?.content['application/json']?.schema.properties ?? {})
    expect([...named('path'), ...named('query'), ...body].toSorted()).toEqual(fields.toSorted())
    if (method === 'get') expect(body).toEqual([])
  })

  test('tells one success, and each declared error as a problem document', () => {
    const codes = Object.keys(operation.responses)
    expect(codes.filter((code) => code.startsWith('2'))).toHaveLength(1)
    const errors = codes.filter((code) => !code.startsWith('2'))
    for (const code of errors)
      expect(Object.keys(operation.responses[code]?.content ?? {})).toEqual(['application/problem+json'])
    expect(operation.security.length).toBeGreaterThan(0)
  })
})
