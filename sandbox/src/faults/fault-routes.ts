import { Hono } from 'hono'
import { AdminError } from './admin-error.ts'
import { readBody } from './read-body.ts'
import { CallRule, WebhookRule, type Rule } from './rule.ts'
import type { RuleBook } from './rule-book.ts'
import { z } from 'zod'

const parseRule = (value: Record<string, unknown>): Rule => {
  const parsed = 'webhooks' in value ? WebhookRule.safeParse(value) : CallRule.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AdminError(400, `${issue?.path.join('.') || 'rule'}: ${issue?.message ?? 'invalid'}`)
}

export const faultRoutes = (rules: RuleBook): Hono => {
  const app = new Hono()
  app.get('/', (c) => c.json({ data: rules.list() }))
  app.post('/', async (c) =>
    c.json(rules.add(parseRule(await readBody(c, z.record(z.string(), z.unknown())))), 201),
  )
  app.delete('/', (c) => {
    rules.clear()
    return c.body(null, 204)
  })
  app.delete('/:id', (c) => {
    if (!rules.remove(c.req.param('id'))) throw new AdminError(404, 'There is no such rule.')
    return c.body(null, 204)
  })
  return app
}
