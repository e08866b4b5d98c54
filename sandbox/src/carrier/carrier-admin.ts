import { Hono } from 'hono'
import { z } from 'zod'
import { AdminError } from '../faults/admin-error.ts'
import { readBody } from '../faults/read-body.ts'
import { inTransaction } from '../ledger.ts'
import { labelBy } from './label-table.ts'
import { moveParcel, type Depot } from './move-parcel.ts'
import { nextStep, parcelStatuses, stepsTo } from './parcel.ts'

const Advance = z.strictObject({ to: z.enum(parcelStatuses).optional() })

export const carrierAdmin = (depot: Depot): Hono => {
  const app = new Hono()
  app.post('/:trackingNumber/advance', async (c) => {
    const { to } = await readBody(c, Advance)
    const events = inTransaction(depot.ledger, () => {
      const label = labelBy(depot.ledger, 'tracking_number', c.req.param('trackingNumber'))
      if (label === undefined) throw new AdminError(404, 'There is no such parcel.')
      if (label.status === 'voided') throw new AdminError(409, 'The label was voided.')
      const target = to ?? nextStep(label.parcel_status)
      const steps = target === undefined ? [] : stepsTo(label.parcel_status, target)
      if (steps.length === 0)
        throw new AdminError(
          409,
          `A parcel that is ${label.parcel_status} does not become ${target ?? 'anything else'}.`,
        )
      return steps.map((status) => moveParcel(depot, label, status))
    })
    await depot.webhooks.afterCommit()
    return c.json({ trackingNumber: c.req.param('trackingNumber'), status: events.at(-1)?.status, events })
  })
  return app
}
