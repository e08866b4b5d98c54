import { fileURLToPath } from 'node:url'
import { identity } from '@comptoir/contracts/identity/procedures'
import { notifications } from '@comptoir/contracts/notifications/procedures'
import { orders } from '@comptoir/contracts/orders/procedures'
import { defineService } from '@comptoir/service-kit/service'
import type { Config } from './config.ts'
import { consumers } from './consumers.ts'
import type { Context } from './context.ts'
import { exportMessages } from './procedures/export-messages.ts'
import { listMessages } from './procedures/list-messages.ts'
import { resendMailer } from './providers/resend.ts'
import { twilioGateway } from './providers/twilio.ts'
import { deleteOldMessages } from './workers/delete-old-messages.ts'
import { redactMessages } from './workers/redact-messages.ts'
import { sendMessages } from './workers/send-messages.ts'

export const app = (config: Config) =>
  defineService({
    name: 'notifications',
    contract: notifications,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base, connect): Context => ({
      ...base,
      identity: connect('identity', identity),
      orders: connect('orders', orders),
      shopUrl: config.SHOP_URL,
      shopName: config.SHOP_NAME,
      backoffScale: config.BACKOFF_SCALE,
      leaseMs: config.MESSAGE_LEASE_MS,
      sendEmail: resendMailer({
        apiKey: config.RESEND_API_KEY,
        baseUrl: config.RESEND_BASE_URL,
        from: config.MAIL_FROM,
      }),
      sms: twilioGateway({
        accountSid: config.TWILIO_ACCOUNT_SID,
        authToken: config.TWILIO_AUTH_TOKEN,
        baseUrl: config.TWILIO_API_BASE,
        from: config.TWILIO_FROM,
      }),
    }),
    procedures: { listMessages, exportMessages },
    consumers,
    workers: [sendMessages('email'), sendMessages('sms'), deleteOldMessages, redactMessages],
  })
