import { type Spread, spreadOf } from '../measure/percentiles.ts'
import type { Answer } from './connection.ts'
import { type Step, steps } from './shopping.ts'

/** A step that was refused or not answered; the journey ends with it. */
export class StepFailed extends Error {}

export interface Recorder {
  /** Times a step. Throws StepFailed, and counts it, unless it was answered with a 2xx. */
  step(name: Step, work: () => Promise<Answer>): Promise<string>
  journey(milliseconds: number): void
  /** What is recorded from now on counts. */
  begin(): void
  /** Nothing counts any more. */
  end(): void
  readonly measuring: () => boolean
  steps(): Record<Step, Spread>
  journeys(): Spread
  readonly errors: Record<string, number>
}

export const createRecorder = (): Recorder => {
  const times = Object.fromEntries(steps.map((name) => [name, [] as number[]])) as Record<Step, number[]>
  const journeys: number[] = []
  const errors: Record<string, number> = {}
  let counts = false
  const fail = (name: Step, code: string): never => {
    const key = `${name} ${code}`
    errors[key] = (errors[key] ?? 0) + 1
    throw new StepFailed(key)
  }
  return {
    step: async (name, work) => {
      const startedAt = performance.now()
      const answer = await work().catch((error: unknown) =>
        fail(name, error instanceof Error ? error.message : 'UNKNOWN'),
      )
      if (counts) times[name].push(performance.now() - startedAt)
      if (answer.status < 200 || answer.status > 299) fail(name, codeOf(answer))
      return answer.body
    },
    journey: (milliseconds) => {
      if (counts) journeys.push(milliseconds)
    },
    begin: () => {
      counts = true
    },
    end: () => {
      counts = false
    },
    measuring: () => counts,
    steps: () =>
      Object.fromEntries(steps.map((name) => [name, spreadOf(times[name])])) as Record<Step, Spread>,
    journeys: () => spreadOf(journeys),
    errors,
  }
}

const codeOf = ({ status, body }: Answer): string => {
  const code = /"code":"?([\w]+)/.exec(body)?.[1]
  return code === undefined ? String(status) : `${status} ${code}`
}
