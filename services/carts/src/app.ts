import { fileURLToPath } from 'node:url'
import { carts } from '@comptoir/contracts/carts/procedures'
import { catalog } from '@comptoir/contracts/catalog/procedures'
import { delivery } from '@comptoir/contracts/delivery/procedures'
import { userErased, userSignedIn } from '@comptoir/contracts/identity/events'
import { orderReceived, orderRedacted } from '@comptoir/contracts/orders/events'
import { on } from '@comptoir/service-kit/consumer'
import { defineService } from '@comptoir/service-kit/service'
import type { Config } from './config.ts'
import { onOrderReceived } from './consumers/order-received.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import { onUserErased } from './consumers/user-erased.ts'
import { onUserSignedIn } from './consumers/user-signed-in.ts'
import type { Context } from './context.ts'
import { prepareCartQueries } from './db/carts.ts'
import { addLine } from './procedures/add-line.ts'
import { clearCart } from './procedures/clear-cart.ts'
import { getCart } from './procedures/get-cart.ts'
import { removeLine } from './procedures/remove-line.ts'
import { setAddress } from './procedures/set-address.ts'
import { setDeliveryOption } from './procedures/set-delivery-option.ts'
import { setLineQuantity } from './procedures/set-line-quantity.ts'
import { snapshot } from './procedures/snapshot.ts'
import { eraseCarts } from './workers/erase-carts.ts'

export const app = (_config: Config) =>
  defineService<typeof carts, Context>({
    name: 'carts',
    contract: carts,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base, connect) => ({
      ...base,
      clients: { catalog: connect('catalog', catalog), delivery: connect('delivery', delivery) },
      queries: prepareCartQueries(base.db),
    }),
    procedures: {
      getCart,
      addLine,
      setLineQuantity,
      removeLine,
      clearCart,
      setAddress,
      setDeliveryOption,
      snapshot,
    },
    consumers: [
      on(orderReceived, onOrderReceived, 'order-received'),
      on(userSignedIn, onUserSignedIn, 'user-signed-in'),
      on(userErased, onUserErased, 'user-erased'),
      on(orderRedacted, onOrderRedacted, 'order-redacted'),
    ],
    workers: [eraseCarts],
  })
