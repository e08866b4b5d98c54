/**
 * Whether the edge should be given requests: until it drains. It listens once it has joined NATS, and a service that is down
 * is down behind every edge alike: it is told of, and the rest is served.
 */
import { isRefused } from '@comptoir/service-kit/way-to-instances'
import { createHealth, type CheckState, type Health } from '@comptoir/service-kit/health'
import type { Target } from '@comptoir/service-kit/discovery'

export interface EdgeHealthOptions {
  readonly services: readonly string[]
  pick(service: string): Target | undefined
  draining(): boolean
  connection(): CheckState
}

const timeoutMs = 1_000
/** Anybody may ask, and each answer asks every service: those who ask together share one. */
const sharedMs = 250

export const edgeHealth = (options: EdgeHealthOptions): Health => {
  const look = createHealth(
    { serving: () => (options.draining() ? 'down' : 'ok'), nats: options.connection },
    Object.fromEntries(options.services.map((service) => [service, () => serviceState(options, service)])),
  )
  let latest: { readonly report: ReturnType<Health>; readonly at: number } | undefined
  return () => {
    // At once: a report from before the end began would bring more requests.
    if (options.draining()) return look()
    const now = performance.now()
    if (latest === undefined || now - latest.at > sharedMs) latest = { report: look(), at: now }
    return latest.report
  }
}

/** A service that is slow to say how it is stays known: only a refused connection tells that nobody is there. */
const serviceState = async (
  options: EdgeHealthOptions,
  service: string,
  triesLeft = 2,
): Promise<CheckState> => {
  const target = options.pick(service)
  if (target === undefined) return 'down'
  try {
    const response = await fetch(`${target.url}/readyz`, { signal: AbortSignal.timeout(timeoutMs) })
    await response.body?.cancel()
    return response.ok ? 'ok' : 'down'
  } catch (error) {
    if (!isRefused(error)) return 'down'
    target.failed()
  } finally {
    target.release()
  }
  return triesLeft > 1 ? serviceState(options, service, triesLeft - 1) : 'down'
}
