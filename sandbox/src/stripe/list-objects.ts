import type { Answer } from '../perform.ts'
import { ok, type Call } from './call.ts'
import type { Form } from './form.ts'
import { group, optionalInteger, optionalText } from './params.ts'
import type { Kind } from './store.ts'
import { StripeError } from './stripe-error.ts'

export type Clause = { sql: string; values: (string | number)[] }

const createdClauses = (form: Form): Clause[] => {
  const range = group(form, 'created')
  if (range === undefined) {
    const at = optionalInteger(form, 'created')
    return at === undefined ? [] : [{ sql: 'created = ?', values: [at] }]
  }
  const bounds = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
  return Object.entries(bounds).flatMap(([name, operator]) => {
    const value = optionalInteger(range, name)
    return value === undefined ? [] : [{ sql: `created ${operator} ?`, values: [value] }]
  })
}

const limitIn = (form: Form): number => {
  const limit = optionalInteger(form, 'limit') ?? 10
  if (limit < 1 || limit > 100)
    throw new StripeError({
      code: 'parameter_invalid_integer',
      param: 'limit',
      message: 'Invalid limit: must be between 1 and 100.',
    })
  return limit
}

const positionOf = ({ desk, form }: Call, kind: Kind, name: string): number | undefined => {
  const id = optionalText(form, name)
  if (id === undefined) return undefined
  const row = desk.ledger
    .query<{ seq: number }, [string, string]>('select seq from objects where kind = ? and id = ?')
    .get(kind, id)
  if (row === null)
    throw new StripeError({ code: 'resource_missing', param: name, message: `No such ${kind}: '${id}'` })
  return row.seq
}

export const equals = (form: Form, name: string, sql: string): Clause[] => {
  const value = optionalText(form, name)
  return value === undefined ? [] : [{ sql: `${sql} = ?`, values: [value] }]
}

// Newest first, by cursor, as every list of Stripe's.
export const listObjects = (call: Call, kind: Kind, filters: Clause[] = []): Answer => {
  const { desk, form } = call
  const limit = limitIn(form)
  const after = positionOf(call, kind, 'starting_after')
  const before = positionOf(call, kind, 'ending_before')
  const clauses: Clause[] = [
    { sql: 'kind = ?', values: [kind] },
    ...createdClauses(form),
    ...filters,
    ...(after === undefined ? [] : [{ sql: 'seq < ?', values: [after] }]),
    ...(before === undefined ? [] : [{ sql: 'seq > ?', values: [before] }]),
  ]
  const backwards = before !== undefined
  const rows = desk.ledger
    .query<{ body: string }, (string | number)[]>(
      `select body from objects where ${clauses.map(({ sql }) => sql).join(' and ')}
       order by seq ${backwards ? 'asc' : 'desc'} limit ${limit + 1}`,
    )
    .all(...clauses.flatMap(({ values }) => values))
  const page = rows.slice(0, limit).map((row): unknown => JSON.parse(row.body))
  return ok({
    object: 'list',
    data: backwards ? page.toReversed() : page,
    has_more: rows.length > limit,
    url: `/v1/${kind}s`,
  })
}
