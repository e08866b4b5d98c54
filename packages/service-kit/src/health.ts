/** Readiness: whether this process should be given requests, and how its dependencies are. */

export type CheckState = 'ok' | 'degraded' | 'down'

export interface HealthReport {
  /** `degraded` still serves: writes wait in the outbox while NATS is away. */
  readonly status: 'ready' | 'degraded' | 'unready'
  readonly checks: Readonly<Record<string, CheckState>>
}

export type Health = () => Promise<HealthReport>

type Checks = Readonly<Record<string, () => Promise<CheckState> | CheckState>>

/** Joins checks: one that is down makes the process unready, a degraded one is only told, and so is any of the `others`. */
export const createHealth =
  (checks: Checks, others: Checks = {}): Health =>
  async () => {
    const [own, further] = await Promise.all([statesOf(checks), statesOf(others)])
    const isWell = [...own, ...further].every(([, state]) => state === 'ok')
    const isDown = own.some(([, state]) => state === 'down')
    return {
      status: isDown ? 'unready' : isWell ? 'ready' : 'degraded',
      checks: Object.fromEntries([...own, ...further]),
    }
  }

const statesOf = (checks: Checks): Promise<[string, CheckState][]> =>
  Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, CheckState]> => [
      name,
      await settle(check),
    ]),
  )

const settle = async (check: () => Promise<CheckState> | CheckState): Promise<CheckState> => {
  try {
    return await check()
  } catch {
    return 'down'
  }
}
