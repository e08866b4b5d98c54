/** What the shop holds of somebody about their shipments, for them to take along. */
import { z } from 'zod'
import { Contact } from '../carts/model.ts'
import { StockLine } from '../catalog/model.ts'
import { Address } from '../text.ts'
import { OptionCode, Shipment } from './model.ts'

/** A shipment with what it holds, and where and to whom it goes. */
export const ExportedShipment = Shipment.extend({
  option: OptionCode,
  lines: z.array(StockLine),
  contact: Contact,
  address: Address,
})
export type ExportedShipment = z.infer<typeof ExportedShipment>
