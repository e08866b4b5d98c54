/** What notifications answers. */
import { z } from 'zod'
import { query } from '../contract.ts'
import { OrderId } from '../ids.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { ExportedMessage, Message, MessageState } from './model.ts'

const CURSOR_INVALID = { status: 400, message: 'This cursor does not belong to this list.' } as const

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
    errors: { CURSOR_INVALID },
  }),
  exportMessages: query({
    summary: 'Messages about the caller’s account, or about an order of theirs, oldest first, to take along',
    access: 'customer',
    fresh: true,
    http: { method: 'GET', path: '/v1/me/export/messages' },
    input: z.strictObject({
      orderId: OrderId.optional().describe('About the account unless told'),
      limit: Limit,
      cursor: Cursor,
    }),
    output: pageOf(ExportedMessage),
    errors: { CURSOR_INVALID, ORDER_NOT_FOUND: { status: 404, message: 'There is no such order.' } },
  }),
}
