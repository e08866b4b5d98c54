import type { Contact } from '@comptoir/contracts/carts/model'
import type { Channel } from '@comptoir/contracts/notifications/model'

/** Whom a message goes to on each of its channels; a channel the contact cannot be reached on is left out. */
export const recipients = (
  channels: readonly Channel[],
  contact: Contact,
): { channel: Channel; recipient: string }[] =>
  channels.flatMap((channel) => {
    const recipient = channel === 'email' ? contact.email : contact.phone
    return recipient === undefined ? [] : [{ channel, recipient }]
  })
