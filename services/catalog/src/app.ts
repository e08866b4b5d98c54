import { fileURLToPath } from 'node:url'
import { catalog } from '@comptoir/contracts/catalog/procedures'
import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { orderCancelled, orderConfirmed, orderRedacted } from '@comptoir/contracts/orders/events'
import { on } from '@comptoir/service-kit/consumer'
import { defineService } from '@comptoir/service-kit/service'
import type { Config } from './config.ts'
import { onOrderCancelled } from './consumers/order-cancelled.ts'
import { onOrderConfirmed } from './consumers/order-confirmed.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import { onShipmentDispatched } from './consumers/shipment-dispatched.ts'
import type { Context } from './context.ts'
import { adjustStock } from './procedures/adjust-stock.ts'
import { archiveProduct } from './procedures/archive-product.ts'
import { commitReservation } from './procedures/commit-reservation.ts'
import { createCategory } from './procedures/create-category.ts'
import { createProduct } from './procedures/create-product.ts'
import { getProduct } from './procedures/get-product.ts'
import { getStock } from './procedures/get-stock.ts'
import { importProducts } from './procedures/import-products.ts'
import { listCategories } from './procedures/list-categories.ts'
import { listProducts } from './procedures/list-products.ts'
import { quote } from './procedures/quote.ts'
import { releaseReservation } from './procedures/release-reservation.ts'
import { reserveStock } from './procedures/reserve-stock.ts'
import { updateProduct } from './procedures/update-product.ts'
import { expireReservations } from './workers/expire-reservations.ts'

export const app = (config: Pick<Config, 'RESERVATION_MINUTES'>) =>
  defineService({
    name: 'catalog',
    contract: catalog,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base): Context => ({ ...base, reservationMinutes: config.RESERVATION_MINUTES }),
    procedures: {
      listProducts,
      getProduct,
      createProduct,
      updateProduct,
      archiveProduct,
      importProducts,
      listCategories,
      createCategory,
      getStock,
      adjustStock,
      quote,
      reserveStock,
      commitReservation,
      releaseReservation,
    },
    consumers: [
      on(orderCancelled, onOrderCancelled, 'release-cancelled-order'),
      on(orderConfirmed, onOrderConfirmed, 'commit-confirmed-order'),
      on(shipmentDispatched, onShipmentDispatched, 'ship-dispatched-order'),
      on(orderRedacted, onOrderRedacted, 'order-redacted'),
    ],
    workers: [expireReservations],
  })
