/** What the gateway asks of services by itself rather than for a client. */
import type { Actor } from '@comptoir/contracts/access'
import type { Contract } from '@comptoir/contracts/contract'
import { delivery } from '@comptoir/contracts/delivery/procedures'
import { identity } from '@comptoir/contracts/identity/procedures'
import type { IncomingWebhook } from '@comptoir/contracts/payments/model'
import { payments } from '@comptoir/contracts/payments/procedures'
import { createClientOver } from '@comptoir/service-kit/client'
import type { Way } from '@comptoir/service-kit/way'
import { oauthCalls } from './faces/oauth/oauth-calls.ts'
import type { Upstream } from './upstream.ts'

/** `self` is the name of the gateway, and `upstream` the way with all its safeguards. */
export const ownCalls = (self: string, upstream: Upstream) => {
  const own = { actor: { kind: 'service' as const, id: self, scopes: [] } }
  const way = wayThrough(upstream, own.actor)
  const clientOf = <C extends Contract>(service: string, contract: C) =>
    createClientOver(way, service, contract)
  const paying = clientOf('payments', payments)
  const delivering = clientOf('delivery', delivery)
  const identifying = clientOf('identity', identity)
  return {
    identifying,
    loadKeys: () => identifying.listKeys({}, own),
    loadRevocations: (since: string | undefined) =>
      identifying.listRevocations(since === undefined ? {} : { since }, own),
    resolveApiKey: (keyHash: string) => identifying.resolveApiKey({ keyHash }, own),
    oauth: oauthCalls(identifying, own),
    webhooks: {
      stripe: (webhook: IncomingWebhook) => paying.receiveWebhook(webhook, own),
      carrier: (webhook: IncomingWebhook) => delivering.receiveWebhook(webhook, own),
    },
  }
}

const wayThrough =
  (upstream: Upstream, self: Actor): Way =>
  async ({ timeoutMs, actor = self, headers, ...asking }, read) => {
    const response = await upstream.send({
      ...asking,
      actor,
      headers: { ...headers },
      deadlineAt: performance.now() + timeoutMs,
      // What it asks for itself is no client's, who might leave.
      signal: new AbortController().signal,
    })
    return read(response)
  }
