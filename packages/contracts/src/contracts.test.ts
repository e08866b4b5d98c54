import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { services } from './app.ts'
import { commonErrors } from './errors.ts'
import type { ProcedureContract } from './contract.ts'
import { Session } from './identity/model.ts'
import { IfVersion } from './version.ts'

const operations = Object.entries(services).flatMap(([service, procedures]) =>
  Object.entries<ProcedureContract>(procedures).map(([name, contract]) => ({
    name: `${service}.${name}`,
    contract,
  })),
)
const routes = operations.filter(({ contract }) => contract.http !== undefined)

test('no two operations have one route', () => {
  const taken = routes.map(
    ({ contract: { http } }) => `${http?.method} ${http?.path.replaceAll(/\{\w+\}/g, '{}')}`,
  )
  expect(new Set(taken).size).toBe(taken.length)
})

test('no two operations that open a session have one name', () => {
  const opening = operations.filter(
    ({ contract }) => contract.kind === 'mutation' && contract.session === 'opens',
  )
  const names = opening.map(({ name }) => name.split('.')[1])
  expect(names.length).toBeGreaterThan(2)
  expect(new Set(names).size).toBe(names.length)
})

describe.each(operations)('$name', ({ contract }) => {
  test('describes itself and can be written as JSON Schema', () => {
    expect(contract.summary.length).toBeGreaterThan(5)
    z.toJSONSchema(contract.input, { io: 'input' })
    z.toJSONSchema(contract.output, { io: 'output' })
  })

  test('refuses unknown fields', () => {
    expect(contract.input.safeParse({ ['no such field']: 1 }).success).toBe(false)
  })

  test('parses twice as once: nothing is transformed', () => {
    expect(JSON.stringify(z.toJSONSchema(contract.input, { io: 'input' }))).toBe(
      JSON.stringify(z.toJSONSchema(contract.input, { io: 'output' })),
    )
  })

  test('takes every path parameter from its input', () => {
    const names = [...(contract.http?.path.matchAll(/\{(\w+)\}/g) ?? [])].map(([, name]) => name ?? '')
    const shape = contract.input instanceof z.ZodObject ? Object.keys(contract.input.shape) : []
    expect(shape).toEqual(expect.arrayContaining(names))
  })

  test('re-uses a common code only with its common status', () => {
    const common: Readonly<Record<string, { status: number }>> = commonErrors
    for (const [code, { status }] of Object.entries(contract.errors ?? {})) {
      expect(status).toBe((common[code]?.status ?? status) as typeof status)
    }
  })

  test('keeps answers for repeats only where it is known whose they are', () => {
    // All callers without a credential are one principal: with the key of one another would read their answer.
    const keeps = contract.kind === 'mutation' && contract.idempotent !== undefined
    expect(keeps && contract.access === 'public').toBe(false)
  })

  test('takes the version that was read, if its writes are guarded by it', () => {
    const guarded = contract.kind === 'mutation' && contract.concurrency === 'version'
    const shape = contract.input instanceof z.ZodObject ? contract.input.shape : {}
    expect(shape['version'] === IfVersion).toBe(guarded)
  })

  test('answers a session’s tokens, if a browser can have a cookie for them', () => {
    const opens = contract.kind === 'mutation' && contract.session === 'opens'
    expect(!opens || (contract.output === Session && contract.access !== 'internal')).toBe(true)
  })

  test('has a route for people only', () => {
    expect(contract.access === 'internal' && contract.http !== undefined).toBe(false)
  })
})
