import type { userErased } from '@comptoir/contracts/identity/events'
import { redactedEmail } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'
import { dropMessagesOf, noteErased } from '../db/erasures.ts'

/** Of orders under way they are told until those have ended; of their account nothing but warnings. */
export const onUserErased: Handler<typeof userErased, Context> = async ({ ctx, tx, event }) => {
  const id = event.data.userId
  await noteErased(tx, id)
  await dropMessagesOf(tx, id)
  const fields = { email: redactedEmail, name: '', phone: null, providers: [], machines: [] }
  await noteRedaction(tx, { id, fields })
  ctx.wake('redact-messages')
}
