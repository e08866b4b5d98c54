/** The contracts' schemas as JSON Schema: those with a name once, among the components, and by reference elsewhere. */
import { schemaNames } from '@comptoir/contracts/schema-names'
import { z } from 'zod'
import type { Json } from './json.ts'

export interface Schemas {
  /** The schema where it is used. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json
  /** What a reference stands for. */
  resolve(reference: string): Json
  /** The named schemas that a part of the document refers to, and those that they refer to. */
  componentsOf(document: unknown): Json
}

const prefix = '#/components/schemas/'

/** Descriptions as the contracts have them, and the names beside. */
const named = Object.assign(z.registry<Record<string, unknown>>(), {
  get: (schema: z.core.$ZodType) => {
    const id = schemaNames.get(schema)
    const told = z.globalRegistry.get(schema)
    return id === undefined ? told : { ...told, id }
  },
})

export const createSchemas = (): Schemas => {
  const components: Record<string, Json> = {}
  return {
    of: (schema, io) => {
      const {
        $schema: _dialect,
        $defs = {},
        ...rest
      } = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        metadata: named,
        // What comes out may have more fields one day, and a client must not refuse them.
        override: ({ zodSchema, jsonSchema }) => {
          if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined)
            delete jsonSchema.additionalProperties
        },
      })
      for (const [name, definition] of Object.entries($defs)) components[name] ??= relocated(definition)
      return relocated(rest)
    },
    resolve: (reference) => components[reference.slice(prefix.length)] ?? {},
    componentsOf: (document) => {
      const used = new Set<string>()
      const visit = (part: unknown): void => {
        for (const name of namesIn(part)) {
          if (used.has(name)) continue
          used.add(name)
          visit(components[name])
        }
      }
      visit(document)
      return Object.fromEntries([...used].toSorted().map((name) => [name, components[name]]))
    },
  }
}

const namesIn = (part: unknown): string[] =>
  [...(JSON.stringify(part) ?? '').matchAll(/"#\/components\/schemas\/(\w+)"/g)].flatMap(
    ([, name]) => name ?? [],
  )

/** With references that lead to the components. */
const relocated = (schema: object): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', `"$ref":"${prefix}`)) as Json
