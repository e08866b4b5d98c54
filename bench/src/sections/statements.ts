import type { Sql } from 'postgres'
import type { BenchStack } from '../bench-stack.ts'
import { createChoices } from '../drivers/choices.ts'
import { createConnection } from '../drivers/connection.ts'
import { newVisit, takeStep } from '../drivers/journey.ts'
import { type Step, steps } from '../drivers/shopping.ts'
import { countProcedures, type ProcedureCounts } from '../measure/hops.ts'
import { added, countStatements, type StatementCounts } from '../measure/statements.ts'

export interface StepCost {
  readonly step: Step
  /** SQL statements by service for one step, what follows it in the background included. */
  readonly statements: ReadonlyMap<string, number>
  /** Calls that reached a service, the first one from the gateway among them. */
  readonly calls: ReadonlyMap<string, number>
}

const visitors = 20
const settleMs = 1_200

/**
 * Has twenty visitors take the steps one after another, with a pause after each in which what was set off comes to
 * rest. What the shop asks its databases when nobody is there is measured first and taken off.
 */
export const measureStatements = async (stack: BenchStack, sql: Sql): Promise<StepCost[]> => {
  const doors = { shop: createConnection(stack.gatewayUrl), bank: createConnection(stack.sandboxUrl) }
  const choices = createChoices(stack.goods, 1)
  const visits = Array.from({ length: visitors }, () => newVisit(choices))
  const idle = await during(stack, sql, () => Bun.sleep(3_000))
  const costs: StepCost[] = []
  for (const step of steps) {
    const taken = await during(stack, sql, async () => {
      for (const visit of visits) {
        const { status, body } = await takeStep(doors, visit, step)
        if (status > 299) throw new Error(`${step} was answered with ${status} ${body.slice(0, 200)}`)
      }
      await Bun.sleep(settleMs)
    })
    costs.push({ step, ...perVisit(taken, idle) })
  }
  doors.shop.close()
  doors.bank.close()
  return costs
}

interface Count {
  readonly statements: StatementCounts
  readonly calls: ProcedureCounts
  readonly ms: number
}

const during = async (stack: BenchStack, sql: Sql, work: () => Promise<void>): Promise<Count> => {
  const urls = [...stack.serviceUrls.values()]
  const [statements, calls] = [await countStatements(sql), await countProcedures(urls)]
  const startedAt = performance.now()
  await work()
  const ms = performance.now() - startedAt
  return {
    statements: added(statements, await countStatements(sql)),
    calls: added(calls, await countProcedures(urls)),
    ms,
  }
}

const perVisit = (taken: Count, idle: Count): Pick<StepCost, 'statements' | 'calls'> => {
  const background = taken.ms / idle.ms
  const statements = [...taken.statements].map(
    ([service, count]) =>
      [service, (count - (idle.statements.get(service) ?? 0) * background) / visitors] as const,
  )
  const calls = [...taken.calls].map(([procedure, count]) => [procedure, count / visitors] as const)
  // A handful of background statements more or less is no statement of the step's.
  return {
    statements: new Map(statements.filter(([, count]) => count >= 0.3)),
    calls: new Map(calls.filter(([, count]) => count >= 0.05)),
  }
}
