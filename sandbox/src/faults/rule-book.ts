import { randomId } from '../random-id.ts'
import { seededRandom, type Random } from '../seeded-random.ts'
import type { CallRule, Rule, WebhookRule } from './rule.ts'

type Entry<R extends Rule> = { id: string; rule: R; seen: number; met: number; random: Random }
type WrittenRule = { id: string; seen: number; met: number } & Rule

export type RuleBook = {
  add: (rule: Rule) => WrittenRule
  list: () => WrittenRule[]
  remove: (id: string) => boolean
  clear: () => void
  drawForCall: (provider: string, operation: string) => CallRule | undefined
  drawForWebhook: (provider: string, type: string) => WebhookRule[]
}

// Counts this call against the rule and says whether the rule acts on it.
const acts = (entry: Entry<Rule>): boolean => {
  entry.seen += 1
  if (entry.seen <= entry.rule.after) return false
  if (entry.rule.times !== undefined && entry.met >= entry.rule.times) return false
  if (entry.random() >= entry.rule.probability) return false
  entry.met += 1
  return true
}

const covers = (pattern: string, value: string): boolean => pattern === '*' || pattern === value

const written = ({ id, rule, seen, met }: Entry<Rule>): WrittenRule => ({ id, seen, met, ...rule })

export const createRuleBook = (): RuleBook => {
  const calls: Entry<CallRule>[] = []
  const webhooks: Entry<WebhookRule>[] = []
  return {
    add: (rule) => {
      const start = { id: randomId('flt_', 12), seen: 0, met: 0, random: seededRandom(rule.seed) }
      if ('provider' in rule) {
        const entry = { ...start, rule }
        calls.push(entry)
        return written(entry)
      }
      const entry = { ...start, rule }
      webhooks.push(entry)
      return written(entry)
    },
    list: () => [...calls, ...webhooks].map(written),
    remove: (id) =>
      [calls, webhooks].some((entries) => {
        const at = entries.findIndex((entry) => entry.id === id)
        if (at >= 0) entries.splice(at, 1)
        return at >= 0
      }),
    clear: () => {
      calls.length = 0
      webhooks.length = 0
    },
    drawForCall: (provider, operation) =>
      calls.find(
        (entry) =>
          covers(entry.rule.provider, provider) && covers(entry.rule.operation, operation) && acts(entry),
      )?.rule,
    drawForWebhook: (provider, type) =>
      webhooks
        .filter(
          (entry) => covers(entry.rule.webhooks, provider) && covers(entry.rule.type, type) && acts(entry),
        )
        .map((entry) => entry.rule),
  }
}
