// What the provocations are made of.
import type { OrderId } from '@comptoir/contracts/ids'
import type { SeededProduct } from '../stack/test-stack.ts'
import type { People } from './people-scenery.ts'

/** What the provocations find when they begin. */
export interface Scenery {
  /** A guest who has an empty cart. */
  readonly guest: string
  /** A guest whose cart is ready to be ordered. */
  readonly buyer: string
  /** A guest whose cart goes to Japan. */
  readonly faraway: string
  /** A guest whose cart holds as many units of one product as it can. */
  readonly full: string
  readonly staff: string
  readonly email: string
  /** Nobody signs in with this address any more for some minutes. */
  readonly throttledEmail: string
  readonly people: People
  readonly product: SeededProduct
  readonly productId: string
  /** Delivered, with its shipment; and confirmed only, with a shipment that is planned; `owner` holds both. */
  readonly delivered: { readonly orderId: OrderId; readonly shipmentId: string }
  readonly confirmed: { readonly orderId: OrderId; readonly shipmentId: string }
  readonly owner: string
}

export interface Provocation {
  readonly token?: string
  readonly input: Readonly<Record<string, unknown>>
}

/** A sentence says why the error cannot be brought about from outside, and which file does it instead. */
type Cause = ((scenery: Scenery) => Provocation) | { readonly because: string; readonly seenIn: string }

export type Causes = Readonly<Record<string, Readonly<Record<string, Cause>>>>
