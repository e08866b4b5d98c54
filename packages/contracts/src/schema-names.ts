/**
 * The names of the schemas that contracts are made of: a schema is called as it is exported. Descriptions of an API name
 * their types after them.
 */
import type { z } from 'zod'
import * as access from './access.ts'
import * as carts from './carts/model.ts'
import * as catalog from './catalog/model.ts'
import * as delivery from './delivery/model.ts'
import * as identity from './identity/model.ts'
import * as money from './money.ts'
import * as notifications from './notifications/model.ts'
import * as orders from './orders/model.ts'
import * as payments from './payments/model.ts'
import * as text from './text.ts'

const everybodys = { ...money, ...text, ...access }
const own = { carts, catalog, delivery, identity, notifications, orders, payments }

const isSchema = (value: unknown): value is z.ZodType =>
  typeof value === 'object' && value !== null && '_zod' in value

const collect = (): ReadonlyMap<z.core.$ZodType, string> => {
  const names = new Map<z.core.$ZodType, string>()
  const taken = new Set<string>()
  const add = (name: string, prefix: string, value: unknown): void => {
    if (!isSchema(value) || names.has(value)) return
    const free = taken.has(name) ? `${prefix}${name}` : name
    taken.add(free)
    names.set(value, free)
  }
  for (const [name, value] of Object.entries(everybodys)) add(name, '', value)
  for (const [service, model] of Object.entries(own))
    for (const [name, value] of Object.entries(model))
      add(name, `${service.charAt(0).toUpperCase()}${service.slice(1)}`, value)
  return names
}

/** Names by schema. Where two services export the same name, the later one’s begins with its service. */
export const schemaNames: ReadonlyMap<z.core.$ZodType, string> = collect()
