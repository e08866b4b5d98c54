import { expect, test } from 'bun:test'
import { z } from 'zod'
import { commonError, fieldFaults, problemOf, ServiceError } from './errors.ts'

test('a problem shows the message and never the cause', () => {
  const error = commonError('INTERNAL', { cause: new Error('password=hunter2 at 10.0.0.7') })
  expect(JSON.stringify(problemOf(error))).not.toContain('hunter2')
  expect(problemOf(error)).toMatchObject({
    status: 500,
    code: 'INTERNAL',
    type: 'urn:comptoir:problem:internal',
  })
})

test('a problem carries the facts that the contract declares', () => {
  const error = new ServiceError('OUT_OF_STOCK', { status: 409, message: 'Gone.', data: { lines: [1] } })
  expect(problemOf(error)).toMatchObject({ title: 'Out of stock', detail: 'Gone.', data: { lines: [1] } })
})

test('faults point at the field, unknown fields included', () => {
  const schema = z.strictObject({ lines: z.array(z.strictObject({ quantity: z.number() })) })
  const { error } = schema.safeParse({ lines: [{ quantity: 'two', 'a/b': 1 }], extra: true })
  if (error === undefined) throw new Error('Expected faults')
  expect(
    fieldFaults(error)
      .map(({ pointer }) => pointer)
      .toSorted(),
  ).toEqual(['/extra', '/lines/0/a~1b', '/lines/0/quantity'])
})
