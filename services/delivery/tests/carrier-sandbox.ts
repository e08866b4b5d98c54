import { startSandboxProcess } from '@comptoir/service-kit/testing/sandbox-process'
import { z } from 'zod'

export const carrierSecret = 'whsec_c2FuZGJveC1jYXJyaWVyLXNlY3JldA=='

const Ledger = z.object({
  labels: z.array(z.object({ reference: z.string(), trackingNumber: z.string(), service: z.string() })),
})

/** The stand-in of the carrier. */
export const startCarrier = async () => {
  const { url, ask, fault, stop } = await startSandboxProcess({
    CARRIER_API_KEY: 'ck_test',
    CARRIER_WEBHOOK_SECRET: carrierSecret,
  })
  return {
    base: `${url}/carrier`,
    fault,
    advance: (trackingNumber: string, to: string) =>
      ask('POST', `/sandbox/carrier/${trackingNumber}/advance`, { to }),
    webhooksTo: (gatewayUrl: string | null) => ask('PUT', '/sandbox/webhooks/target', { gatewayUrl }),
    reset: () => ask('POST', '/sandbox/reset', {}),
    labelsFor: async (reference: string) =>
      Ledger.parse(await ask('GET', '/sandbox/ledger/carrier')).labels.filter(
        (label) => label.reference === reference,
      ),
    stop,
  }
}
