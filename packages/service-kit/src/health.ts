/** Readiness: whether this process should be given requests, and how its dependencies are. */

export type CheckState = 'ok' | 'degraded' | 'down'

export interface HealthReport {
  /** `degraded` still serves: writes wait in the outbox while NATS is away. */
  readonly status: 'ready' | 'degraded' | 'unready'
  readonly checks: Readonly<Record<string, CheckState>>
}

export type Health = () => Promise<HealthReport>

/** Joins checks: one that is down makes the process unready, a degraded one is only told. */
export const createHealth =
  (checks: Readonly<Record<string, () => Promise<CheckState> | CheckState>>): Health =>
  async () => {
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]): Promise<[string, CheckState]> => [
        name,
        await settle(check),
      ]),
    )
    const values = states.map(([, state]) => state)
    const status = values.includes('down') ? 'unready' : values.includes('degraded') ? 'degraded' : 'ready'
    return { status, checks: Object.fromEntries(states) }
  }

const settle = async (check: () => Promise<CheckState> | CheckState): Promise<CheckState> => {
  try {
    return await check()
  } catch {
    return 'down'
  }
}
