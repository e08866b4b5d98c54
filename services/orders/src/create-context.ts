import { randomUUID } from 'node:crypto'
import { carts } from '@comptoir/contracts/carts/procedures'
import { catalog } from '@comptoir/contracts/catalog/procedures'
import { delivery } from '@comptoir/contracts/delivery/procedures'
import { payments } from '@comptoir/contracts/payments/procedures'
import { settings, type ShopSettings } from '@comptoir/contracts/settings'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { Connect } from '@comptoir/service-kit/service'
import { createSettings, type LiveSettings } from '@comptoir/service-kit/settings'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { createWatchers } from './watchers.ts'

export type Limits = Pick<
  Config,
  'PAYMENT_TIMEOUT_MINUTES' | 'STEP_LEASE_MS' | 'STEP_RETRY_MAX_MS' | 'STEP_PATIENCE_MINUTES'
>

/** The shop's live settings; the environment may give another default than the code has. */
export const createLiveSettings = ({
  PAYMENT_TIMEOUT_MINUTES: minutes,
}: Limits): LiveSettings<ShopSettings> =>
  createSettings(settings, minutes === undefined ? {} : { 'payment.timeoutMinutes': minutes })

/** Puts together what the service's code is handed. */
export const createContext =
  (limits: Limits, settings: Context['settings']) =>
  (base: ServiceContext, connect: Connect): Context => ({
    ...base,
    clients: {
      carts: connect('carts', carts),
      catalog: connect('catalog', catalog),
      payments: connect('payments', payments),
      delivery: connect('delivery', delivery),
    },
    limits: {
      stepLeaseMs: limits.STEP_LEASE_MS,
      stepRetryMaxMs: limits.STEP_RETRY_MAX_MS,
      stepPatienceMinutes: limits.STEP_PATIENCE_MINUTES,
    },
    settings,
    instance: randomUUID(),
    watchers: createWatchers(),
  })
