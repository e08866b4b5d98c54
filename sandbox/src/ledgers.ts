import { labelSchema } from './carrier/label-table.ts'
import { openLedger, type Ledger } from './ledger.ts'
import { mailSchema } from './resend/mail-table.ts'
import { stripeSchema } from './stripe/store.ts'
import { smsSchema } from './twilio/sms-table.ts'
import { deliverySchema } from './webhooks/delivery-table.ts'

export type Ledgers = { stripe: Ledger; resend: Ledger; twilio: Ledger; carrier: Ledger }

export const openLedgers = (folder: string): Ledgers => ({
  stripe: openLedger(folder, 'stripe', stripeSchema + deliverySchema),
  resend: openLedger(folder, 'resend', mailSchema),
  twilio: openLedger(folder, 'twilio', smsSchema),
  carrier: openLedger(folder, 'carrier', labelSchema + deliverySchema),
})
