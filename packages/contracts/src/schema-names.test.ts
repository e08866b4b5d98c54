import { expect, test } from 'bun:test'
import { Order } from './orders/model.ts'
import { schemaNames } from './schema-names.ts'

test('no two schemas have one name, and a schema is called what it is exported as', () => {
  expect(schemaNames.get(Order)).toBe('Order')
  const names = [...schemaNames.values()]
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
