import { awaitInstances } from '@comptoir/nats/instances'
import { z } from 'zod'
import type { ManagedProcess } from './managed-process.ts'

type Wait = {
  processes: readonly ManagedProcess[]
  gatewayUrl: string
  natsUrl: string
  withinMs: number
  onProgress: (message: string) => void
}

/** A process that ends this often before all are ready will not come up by itself. */
const exitsMax = 5
const reportEveryMs = 10_000
const Ready = z.object({ status: z.literal('ready') })

/** Resolves when every service is registered and the gateway says that all is well; rejects with what is missing. */
export async function awaitReady(wait: Wait): Promise<void> {
  const programs = wait.processes.map((process) => process.program)
  const services = programs.filter((program) => program !== 'sandbox' && program !== 'gateway')
  const stop = new AbortController()
  let missing: string[] = [...services]
  const missingNow = () => [...missing, ...(programs.includes('gateway') ? ['gateway'] : [])]
  const guard = guardWait(wait, missingNow)
  wait.onProgress(`starting ${wait.processes.map(({ name }) => name).join(', ')}`)
  try {
    const registered = awaitInstances(wait.natsUrl, services, {
      signal: stop.signal,
      onArrival: (_, left) => (missing = left),
    })
    await Promise.race([registered, guard.failed])
    if (programs.includes('gateway'))
      await Promise.race([awaitGateway(wait.gatewayUrl, stop.signal), guard.failed])
  } finally {
    stop.abort()
    guard.end()
  }
}

async function awaitGateway(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await fetch(`${url}/readyz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
    }).catch(() => null)
    // `degraded` serves what it can, which is not yet all.
    const told: unknown = await answer?.json().catch(() => null)
    if (Ready.safeParse(told).success) return
    await Bun.sleep(25)
  }
}

function guardWait(wait: Wait, missing: () => string[]): { failed: Promise<never>; end(): void } {
  const { promise, reject } = Promise.withResolvers<never>()
  // Nobody may be listening any more when it fails.
  promise.catch(() => {})
  const patient = wait.withinMs === Number.POSITIVE_INFINITY
  const startedAt = performance.now()
  let reportedAt = startedAt
  const timer = setInterval(() => {
    const now = performance.now()
    const dying = wait.processes.find((process) => process.exits() >= exitsMax)
    if (!patient && dying)
      reject(new Error(`${dying.name} does not come up:\n${dying.lastLines().slice(-12).join('\n')}`))
    if (!patient && now - startedAt > wait.withinMs)
      reject(new Error(`Not ready in time: ${missing().join(', ')}`))
    if (now - reportedAt < reportEveryMs) return
    reportedAt = now
    wait.onProgress(`still waiting for ${missing().join(', ')}`)
  }, 100)
  return { failed: promise, end: () => clearInterval(timer) }
}
