// What makes each operation answer each error that its contract declares; or why nobody outside can bring it about.
import { ofAccounts } from './account-provocations.ts'
import { ofExports } from './export-provocations.ts'
import { ofPeople } from './people-provocations.ts'
import type { Causes, Provocation, Scenery } from './provocation.ts'
import { password } from '../stack/second-factor.ts'

const nobody = '01900000-0000-7000-8000-000000000000'
const badCursor = 'bm9uc2Vuc2U'
const price = { amountMinor: 100, currency: 'GBP' }

const asGuest =
  (input: Provocation['input']) =>
  ({ guest }: Scenery) => ({ token: guest, input })
const asStaff =
  (input: Provocation['input']) =>
  ({ staff }: Scenery) => ({ token: staff, input })
const product = (more: object) => ({ name: 'Red mug', variants: [{ sku: 'MUG-2', price }], ...more })

const ofIdentity = {
  'identity.register': {
    EMAIL_TAKEN: ({ email }) => ({ input: { email, password: 'a long enough password', name: 'Ada' } }),
    PASSWORD_BREACHED: () => ({ input: { email: 'ada@example.com', password: 'password1234', name: 'Ada' } }),
  },
  'identity.login': {
    CREDENTIALS_INVALID: ({ email }) => ({ input: { email, password: 'not the password' } }),
    SECOND_FACTOR_REQUIRED: ({ people }) => ({ input: { email: people.guarded.email, password } }),
    SECOND_FACTOR_INVALID: ({ people }) => ({
      input: { email: people.guarded.email, password, code: people.wrongCode },
    }),
    LOGIN_THROTTLED: ({ throttledEmail: email }) => ({ input: { email, password: 'not the password' } }),
  },
  'identity.refresh': { REFRESH_TOKEN_INVALID: () => ({ input: { refreshToken: 'rt_none' } }) },
  'identity.createApiKey': { SCOPES_NOT_GRANTABLE: asStaff({ name: 'Till', scopes: ['account'] }) },
  'identity.listApiKeys': { CURSOR_INVALID: asStaff({ cursor: badCursor }) },
  'identity.createApiClient': {
    SCOPES_NOT_GRANTABLE: asStaff({
      name: 'Till',
      type: 'public',
      redirectUris: ['com.example.till:/'],
      scopes: ['users:write'],
    }),
  },
  'identity.listApiClients': { CURSOR_INVALID: asStaff({ cursor: badCursor }) },
  'identity.revokeApiClient': { API_CLIENT_NOT_FOUND: asStaff({ clientId: nobody }) },
  'identity.revokeApiKey': { API_KEY_NOT_FOUND: asStaff({ keyId: nobody }) },
} satisfies Causes

const ofCatalog = {
  'catalog.listProducts': { CURSOR_INVALID: () => ({ input: { cursor: badCursor } }) },
  'catalog.getProduct': { PRODUCT_NOT_FOUND: () => ({ input: { productId: 'no-such-product' } }) },
  'catalog.createProduct': {
    SKU_TAKEN: asStaff(product({ variants: [{ sku: 'MUG-1', price }] })),
    SLUG_TAKEN: ({ staff, product: { slug } }) => ({ token: staff, input: product({ slug }) }),
    CATEGORY_NOT_FOUND: asStaff(product({ categoryId: nobody })),
  },
  'catalog.updateProduct': {
    PRODUCT_NOT_FOUND: asStaff({ productId: nobody, name: 'Red mug' }),
    VARIANT_NOT_FOUND: ({ staff, productId }) => ({
      token: staff,
      input: { productId, prices: [{ variantId: nobody, price }] },
    }),
    CATEGORY_NOT_FOUND: ({ staff, productId }) => ({
      token: staff,
      input: { productId, categoryId: nobody },
    }),
  },
  'catalog.archiveProduct': { PRODUCT_NOT_FOUND: asStaff({ productId: nobody }) },
  'catalog.createCategory': {
    SLUG_TAKEN: asStaff({ name: 'Mugs', slug: 'mugs' }),
    CATEGORY_NOT_FOUND: asStaff({ name: 'Cups', parentId: nobody }),
  },
  'catalog.getStock': { VARIANT_NOT_FOUND: asStaff({ variantId: nobody }) },
  'catalog.adjustStock': {
    VARIANT_NOT_FOUND: asStaff({ variantId: nobody, kind: 'received', quantity: 1 }),
    STOCK_INSUFFICIENT: ({ staff, product: { variantId } }) => ({
      token: staff,
      input: { variantId, kind: 'adjusted', quantity: -1_000_000 },
    }),
  },
} satisfies Causes

const ofCarts = {
  'carts.addLine': {
    VARIANT_NOT_FOUND: asGuest({ variantId: nobody, quantity: 1 }),
    CART_FULL: ({ full, product: { variantId } }) => ({ token: full, input: { variantId, quantity: 1 } }),
  },
  'carts.setLineQuantity': { LINE_NOT_FOUND: asGuest({ variantId: nobody, quantity: 1 }) },
  'carts.removeLine': { LINE_NOT_FOUND: asGuest({ variantId: nobody }) },
  'carts.setDeliveryOption': {
    DELIVERY_OPTION_NOT_OFFERED: ({ faraway }) => ({ token: faraway, input: { code: 'collection' } }),
  },
} satisfies Causes

const ofOrders = {
  'orders.placeOrder': {
    CART_NOT_READY: asGuest({}),
    PRICE_CHANGED: ({ buyer }) => ({ token: buyer, input: { expectedTotal: price } }),
    CART_ALREADY_ORDERED: {
      because: 'A cart that was ordered is emptied at once; only a slow event lets it be ordered again',
      seenIn: 'services/orders/tests/placing.test.ts',
    },
    OUT_OF_STOCK: {
      because: 'A cart that is short says CART_NOT_READY; only who is overtaken between the two hears this',
      seenIn: 'services/orders/tests/placing.test.ts',
    },
  },
  'orders.listOrders': { CURSOR_INVALID: asGuest({ cursor: badCursor }) },
  'orders.getOrder': { ORDER_NOT_FOUND: asGuest({ orderId: nobody }) },
  'orders.getTimeline': { ORDER_NOT_FOUND: asGuest({ orderId: nobody }) },
  'orders.watchOrder': { ORDER_NOT_FOUND: asGuest({ orderId: nobody }) },
  'orders.cancelOrder': {
    ORDER_NOT_FOUND: asGuest({ orderId: nobody }),
    ORDER_NOT_CANCELLABLE: ({ owner, delivered: { orderId } }) => ({ token: owner, input: { orderId } }),
  },
  'orders.prepareOrder': {
    ORDER_NOT_FOUND: asStaff({ orderId: nobody }),
    ORDER_NOT_PREPARABLE: ({ staff, delivered: { orderId } }) => ({ token: staff, input: { orderId } }),
  },
} satisfies Causes

const ofOthers = {
  'payments.startPayment': {
    ORDER_NOT_FOUND: asGuest({ orderId: nobody }),
    PAYMENT_CLOSED: ({ owner, delivered: { orderId } }) => ({ token: owner, input: { orderId } }),
    PROVIDER_UNAVAILABLE: {
      because: 'It needs a provider that does not answer',
      seenIn: 'services/payments/tests/provider-faults.test.ts',
    },
  },
  'payments.getPayment': { PAYMENT_NOT_FOUND: asGuest({ orderId: nobody }) },
  'delivery.trackShipment': { SHIPMENT_NOT_FOUND: () => ({ input: { trackingNumber: 'NOSUCHPARCEL' } }) },
  'delivery.dispatchShipment': {
    SHIPMENT_NOT_FOUND: asStaff({ shipmentId: nobody }),
    SHIPMENT_NOT_DISPATCHABLE: ({ staff, delivered: { shipmentId } }) => ({
      token: staff,
      input: { shipmentId },
    }),
    ORDER_NOT_PREPARED: ({ staff, confirmed: { shipmentId } }) => ({ token: staff, input: { shipmentId } }),
    CARRIER_UNAVAILABLE: {
      because: 'It needs a carrier that does not answer',
      seenIn: 'services/delivery/tests/dispatch.test.ts',
    },
  },
  'notifications.listMessages': { CURSOR_INVALID: asStaff({ cursor: badCursor }) },
} satisfies Causes

/** By operation and by code. */
export const provocations: Causes = {
  ...ofIdentity,
  ...ofAccounts,
  ...ofPeople,
  ...ofExports,
  ...ofCatalog,
  ...ofCarts,
  ...ofOrders,
  ...ofOthers,
}
