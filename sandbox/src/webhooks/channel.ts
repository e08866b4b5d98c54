import type { Ledger } from '../ledger.ts'
import type { Sign } from './sign.ts'

export type ChannelName = 'stripe' | 'carrier'

export type Channel = {
  name: ChannelName
  ledger: Ledger
  path: string
  sign: Sign
  wants: (type: string) => boolean
}

export type WebhookEvent = { id: string; type: string; body: string }
