import type { RuleBook } from './faults/rule-book.ts'
import { inTransaction, type Ledger } from './ledger.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

export type Answer = { status: number; body: unknown; headers?: Record<string, string> }

export type House = { rules: RuleBook; webhooks: Webhooks }

type Work = {
  provider: string
  operation: string
  ledger: Ledger
  effect: () => Answer
  failure: (status: number) => Answer
  // Told inside the transaction what was done and what will be said, to keep one of them for replays.
  keep?: (kept: { answer: Answer; said: Answer; stores: 'failure' | 'answer' }) => void
}

// One call of one operation, with whatever the rule book wants to go wrong. The effect, the kept answer and the
// webhooks it owes are one transaction, so a kill at any point leaves all of them or none.
export const perform = async (house: House, work: Work): Promise<Response> => {
  const rule = house.rules.drawForCall(work.provider, work.operation)
  if (rule !== undefined && rule.delayMs > 0) await Bun.sleep(rule.delayMs)
  const said = inTransaction(work.ledger, () => {
    const answer = rule?.fail === undefined ? work.effect() : work.failure(rule.fail)
    const spoken = rule?.failAfterEffect === undefined ? answer : work.failure(rule.failAfterEffect)
    work.keep?.({ answer, said: spoken, stores: rule?.stores ?? 'failure' })
    return spoken
  })
  await house.webhooks.afterCommit()
  return rule?.dropAnswer === true ? brokenConnection() : toResponse(said)
}

export const toResponse = ({ status, body, headers }: Answer): Response =>
  status === 204
    ? new Response(null, { status, ...(headers && { headers }) })
    : new Response(typeof body === 'string' ? body : JSON.stringify(body, null, 2), {
        status,
        headers: { 'content-type': 'application/json', ...headers },
      })

// A body stream that fails before its first byte makes the server close the socket without an answer.
const brokenConnection = (): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.error()
      },
    }),
  )
