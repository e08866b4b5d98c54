/** What schemas are called outside, in OpenAPI and GraphQL: by the names that they are exported under. */
import { z } from 'zod'
import * as access from './access.ts'
import * as carts from './carts/model.ts'
import * as catalog from './catalog/model.ts'
import * as delivery from './delivery/model.ts'
import * as shipped from './delivery/export.ts'
import * as errors from './errors.ts'
import * as audit from './identity/audit.ts'
import * as exported from './identity/export.ts'
import * as machines from './identity/machine-model.ts'
import * as identity from './identity/model.ts'
import * as providerLinks from './identity/provider-links.ts'
import * as secondFactor from './identity/second-factor.ts'
import * as staff from './identity/staff.ts'
import * as ids from './ids.ts'
import * as money from './money.ts'
import * as notifications from './notifications/model.ts'
import * as orders from './orders/model.ts'
import * as payments from './payments/model.ts'
import * as text from './text.ts'

const modules: readonly object[] = [
  ids,
  money,
  text,
  errors,
  access,
  identity,
  providerLinks,
  secondFactor,
  staff,
  audit,
  exported,
  machines,
  catalog,
  carts,
  orders,
  payments,
  delivery,
  shipped,
  notifications,
]

/** Every named schema with its name. Names are unique; a schema without one is written out where it is used. */
export const schemaNames: ReadonlyMap<z.core.$ZodType, string> = new Map(
  modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, exported]: [string, unknown]) =>
      exported instanceof z.ZodType ? [[exported, name] as const] : [],
    ),
  ),
)
