/** What notifications answers. */
import { z } from 'zod'
import { query } from '../contract.ts'
import { OrderId } from '../ids.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { Message, MessageState } from './model.ts'

export const notifications = {
  listMessages: query({
    summary: 'Messages to customers, newest first',
    access: 'notifications:read',
    http: { method: 'GET', path: '/v1/messages' },
    input: z.strictObject({
      orderId: OrderId.optional(),
      state: MessageState.optional(),
      limit: Limit,
      cursor: Cursor,
    }),
    output: pageOf(Message),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
}
