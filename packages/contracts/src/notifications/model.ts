/** Messages to customers. */
import { z } from 'zod'
import { MessageId } from '../ids.ts'
import { Locale, Timestamp } from '../text.ts'

export const Channel = z.enum(['email', 'sms'])
export type Channel = z.infer<typeof Channel>
/** `unknown`: the provider may or may not have taken it; asked again, or given up and left for a person to see. */
export const MessageState = z.enum(['queued', 'sending', 'unknown', 'sent', 'failed'])
export type MessageState = z.infer<typeof MessageState>

export const Message = z.object({
  id: MessageId,
  eventId: z.uuid(),
  template: z.string(),
  channel: Channel,
  locale: Locale,
  recipient: z.string(),
  state: MessageState,
  attempts: z.number().int(),
  orderId: z.uuid().nullable(),
  createdAt: Timestamp,
  sentAt: Timestamp.nullable(),
})
export type Message = z.infer<typeof Message>

/** A message as whoever it went to takes it along; an order's says what the order says. */
export const ExportedMessage = Message.omit({ eventId: true, attempts: true }).extend({
  name: z.string().nullable().describe('By which name it addresses the person, where it does'),
})
export type ExportedMessage = z.infer<typeof ExportedMessage>
