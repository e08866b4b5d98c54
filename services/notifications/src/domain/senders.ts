import type { Channel } from '@comptoir/contracts/notifications/model'

/** The worker that sends what is queued on a channel. */
export const senderOf = { email: 'send-email', sms: 'send-sms' } as const satisfies Record<Channel, string>
