import { fileURLToPath } from 'node:url'
import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { userRegistered } from '@comptoir/contracts/identity/events'
import { notifications } from '@comptoir/contracts/notifications/procedures'
import * as order from '@comptoir/contracts/orders/events'
import { paymentFailed, paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { defineService } from '@comptoir/service-kit/service'
import type { Config } from './config.ts'
import { onOrderChanged } from './consumers/order-changed.ts'
import { onPaymentFailed } from './consumers/payment-failed.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'
import { onShipmentDispatched } from './consumers/shipment-dispatched.ts'
import { onUserRegistered } from './consumers/user-registered.ts'
import type { Context } from './context.ts'
import { listMessages } from './procedures/list-messages.ts'
import { resendMailer } from './providers/resend.ts'
import { twilioGateway } from './providers/twilio.ts'
import { deleteOldMessages } from './workers/delete-old-messages.ts'
import { sendMessages } from './workers/send-messages.ts'

export const app = (config: Config) =>
  defineService({
    name: 'notifications',
    contract: notifications,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base): Context => ({
      ...base,
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
    procedures: { listMessages },
    consumers: [
      on(userRegistered, onUserRegistered, 'welcome'),
      on(order.orderReceived, onOrderChanged, 'order-received'),
      on(order.orderConfirmed, onOrderChanged, 'order-confirmed'),
      on(order.orderPrepared, onOrderChanged, 'order-prepared'),
      on(order.orderDelivered, onOrderChanged, 'order-delivered'),
      on(order.orderCancelled, onOrderChanged, 'order-cancelled'),
      on(shipmentDispatched, onShipmentDispatched, 'order-shipped'),
      on(paymentFailed, onPaymentFailed, 'payment-failed'),
      on(paymentRefunded, onPaymentRefunded, 'payment-refunded'),
    ],
    workers: [sendMessages('email'), sendMessages('sms'), deleteOldMessages],
  })
