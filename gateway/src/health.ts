/** Whether the edge can serve: it needs the registry, and tells how each service is. */
import { createHealth, type CheckState, type Health } from '@comptoir/service-kit/health'
import type { Target } from '@comptoir/service-kit/discovery'

export interface EdgeHealthOptions {
  readonly services: readonly string[]
  pick(service: string): Target | undefined
  draining(): boolean
  connection(): CheckState
}

const timeoutMs = 1_000

export const edgeHealth = (options: EdgeHealthOptions): Health =>
  createHealth({
    serving: () => (options.draining() ? 'down' : 'ok'),
    nats: options.connection,
    ...Object.fromEntries(options.services.map((service) => [service, () => serviceState(options, service)])),
  })

const serviceState = async (options: EdgeHealthOptions, service: string): Promise<CheckState> => {
  const target = options.pick(service)
  if (target === undefined) return 'down'
  try {
    const response = await fetch(`${target.url}/readyz`, { signal: AbortSignal.timeout(timeoutMs) })
    return response.ok ? 'ok' : 'down'
  } catch {
    target.failed()
    return 'down'
  } finally {
    target.release()
  }
}
