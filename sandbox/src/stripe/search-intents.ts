import type { Answer } from '../perform.ts'
import { ok, type Call } from './call.ts'
import type { Clause } from './list-objects.ts'
import { optionalInteger, optionalText, text } from './params.ts'
import { StripeError } from './stripe-error.ts'

const fields: Record<string, string> = {
  status: "json_extract(body, '$.status')",
  currency: "json_extract(body, '$.currency')",
  customer: "json_extract(body, '$.customer')",
  amount: "json_extract(body, '$.amount')",
  created: 'created',
}
const term =
  /^\s*(?:metadata\[(["'])(.+?)\1\]|([a-z_]+))\s*(:|<=|>=|<|>)\s*(?:(["'])(.*?)\5|(\d+))\s*(?:AND\s+(?=\S)|$)/is

// `metadata['order_id']:'17' AND status:'succeeded'`: the part of Stripe's query language that exact matching needs.
const parseQuery = (query: string): Clause[] => {
  const clauses: Clause[] = []
  let rest = query
  while (rest.trim() !== '') {
    const match = term.exec(rest)
    const [whole = '', , metadataKey, field = '', operator = ':', , quoted, number] = match ?? []
    const sql =
      metadataKey === undefined ? fields[field] : `json_extract(body, '$.metadata.' || json_quote(?))`
    if (match === null || sql === undefined)
      throw new StripeError({
        param: 'query',
        message: `We were unable to parse your search query near: ${rest.trim().slice(0, 40)}`,
      })
    const keys = metadataKey === undefined ? [] : [metadataKey]
    clauses.push({
      sql: `${sql} ${operator === ':' ? '=' : operator} ?`,
      values: [...keys, quoted ?? Number(number)],
    })
    rest = rest.slice(whole.length)
  }
  return clauses
}

export const searchIntents = ({ desk, form }: Call): Answer => {
  const clauses = parseQuery(text(form, 'query'))
  const limit = Math.min(Math.max(optionalInteger(form, 'limit') ?? 10, 1), 100)
  const page = Number.parseInt(optionalText(form, 'page') ?? '0', 10) || 0
  const rows = desk.ledger
    .query<{ body: string }, (string | number)[]>(
      `select body from objects where kind = 'payment_intent' and ${clauses.map(({ sql }) => sql).join(' and ') || 'true'}
       order by seq desc limit ${limit + 1} offset ${page * limit}`,
    )
    .all(...clauses.flatMap(({ values }) => values))
  const more = rows.length > limit
  return ok({
    object: 'search_result',
    data: rows.slice(0, limit).map((row): unknown => JSON.parse(row.body)),
    has_more: more,
    next_page: more ? String(page + 1) : null,
    url: '/v1/payment_intents/search',
  })
}
