/** The audit log: who did what, in a chain of hashes. */
import { z } from 'zod'
import { query } from '../contract.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { Timestamp } from '../text.ts'

export const AuditFact = z.object({ name: z.string(), value: z.string() })
export type AuditFact = z.infer<typeof AuditFact>

/** Ids only, no personal data: the log outlives those whom it speaks of. */
export const AuditEntry = z.object({
  sequence: z.number().int(),
  at: Timestamp,
  actorKind: z.string(),
  actorId: z.string(),
  action: z.string(),
  target: z.string().describe('The id of who or what it was done to'),
  facts: z.array(AuditFact),
  hash: z.string().describe('Of this entry and of the hash before it'),
})
export type AuditEntry = z.infer<typeof AuditEntry>

const Id = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w.:@-]+$/, 'Expected an id')

export const auditProcedures = {
  listAuditEntries: query({
    summary: 'The audit log, newest first',
    access: 'audit:read',
    fresh: true,
    http: { method: 'GET', path: '/v1/audit-entries' },
    input: z.strictObject({
      actor: Id.optional().describe('The id of who did it'),
      target: Id.optional(),
      limit: Limit,
      cursor: Cursor,
    }),
    output: pageOf(AuditEntry),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
}
