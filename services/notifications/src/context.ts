import type { identity } from '@comptoir/contracts/identity/procedures'
import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { Outcome } from './domain/outcome.ts'

interface Email {
  /** Also the provider's idempotency key: sent again under the same id, it is the same mail. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface Sms {
  readonly to: string
  readonly body: string
}

export interface SmsGateway {
  /** Not idempotent: whoever does not know how a call ended asks `find` before the next. */
  send(sms: Sms): Promise<Outcome>
  /** The provider's id of a message with this recipient and body, if it has taken one. Throws when it cannot tell. */
  find(sms: Sms): Promise<string | undefined>
}

export interface Context extends ServiceContext {
  readonly shopName: string
  readonly shopUrl: string
  readonly identity: Client<typeof identity>
  readonly orders: Pick<Client<typeof orders>, 'getSnapshot'>
  readonly backoffScale: number
  readonly leaseMs: number
  sendEmail(email: Email): Promise<Outcome>
  readonly sms: SmsGateway
}
