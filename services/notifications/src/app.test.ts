import { expect, test } from 'bun:test'
import { app } from './app.ts'
import { Config } from './config.ts'
import { messages } from './domain/messages.ts'

const { consumers = [] } = app(
  Config.parse({
    DATABASE_URL: 'postgres://elsewhere',
    NATS_URL: 'nats://elsewhere',
    SHOP_URL: 'https://shop.example',
    MAIL_FROM: 'shop@example.org',
    RESEND_API_KEY: 'key',
    TWILIO_ACCOUNT_SID: 'AC0',
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: '+15005550006',
  }),
)

/** Heard to forget somebody, not to tell anybody. */
const forgetting: readonly (readonly [string, string])[] = [
  ['identity.user.erased.v1', 'user-erased'],
  ['orders.order.redacted.v1', 'order-redacted'],
]

test('hears exactly what the table of messages has something to say of, under the template’s name, and whom to forget', () => {
  const planned = Object.entries(messages).flatMap(([subject, plan]) =>
    plan === null ? [] : [[subject, plan.template] as const],
  )
  const heard = consumers.map(({ event, name }) => [event.subject, name] as const)
  expect(new Map(heard)).toEqual(new Map<string, string>([...planned, ...forgetting]))
})
