// What makes each operation answer each error that its contract declares; or why nobody outside can bring it about.
import type { OrderId } from '@comptoir/contracts/ids'
import type { SeededProduct } from '../stack/test-stack.ts'

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
  /** A customer with an account. */
  readonly account: string
  readonly adminEmail: string
  readonly email: string
  /** Nobody signs in with this address any more for some minutes. */
  readonly throttledEmail: string
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

const nobody = '01900000-0000-7000-8000-000000000000'
/** No such postal code is in France. */
const nowhere = { name: 'Ada', line1: '1 High Street', city: 'Paris', postalCode: 'N1 1AA', country: 'FR' }
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
    LOGIN_THROTTLED: ({ throttledEmail: email }) => ({ input: { email, password: 'not the password' } }),
  },
  'identity.requestEmailVerification': {
    LETTERS_THROTTLED: {
      because: 'It needs five letters to one account, and a run of it on each face would have to share them',
      seenIn: 'services/identity/tests/email-verification.test.ts',
    },
  },
  'identity.verifyEmail': { EMAIL_TOKEN_INVALID: () => ({ input: { token: 'ev_none' } }) },
  'identity.resetPassword': {
    RESET_TOKEN_INVALID: () => ({ input: { token: 'pr_none', password: 'a long enough password' } }),
    PASSWORD_BREACHED: {
      because: 'Only who holds the token of a letter hears what is wrong with the password',
      seenIn: 'services/identity/tests/passwords.test.ts',
    },
  },
  'identity.changePassword': {
    PASSWORD_WRONG: ({ account }) => ({
      token: account,
      input: { currentPassword: 'not the password', password: 'another long password' },
    }),
    PASSWORD_BREACHED: ({ account }) => ({
      token: account,
      input: { currentPassword: 'a long enough password', password: 'password1234' },
    }),
    PASSWORD_THROTTLED: {
      because: 'Who is throttled hears nothing else for a while, and would not on the other face either',
      seenIn: 'services/identity/tests/passwords.test.ts',
    },
  },
  'identity.requestEmailChange': {
    EMAIL_TAKEN: ({ account, adminEmail: email }) => ({ token: account, input: { email } }),
    LETTERS_THROTTLED: {
      because: 'It needs five letters to one account, and a run of it on each face would have to share them',
      seenIn: 'services/identity/tests/email-change.test.ts',
    },
  },
  'identity.confirmEmailChange': {
    EMAIL_TOKEN_INVALID: () => ({ input: { token: 'ec_none' } }),
    EMAIL_TAKEN: {
      because: 'Only who holds the token of a letter hears that somebody else was faster',
      seenIn: 'services/identity/tests/email-change.test.ts',
    },
  },
  'identity.addAddress': {
    ADDRESS_INVALID: ({ account }) => ({ token: account, input: { address: nowhere } }),
    ADDRESSES_FULL: {
      because: 'It needs fifty addresses of one person, whom the other provocations use as well',
      seenIn: 'services/identity/tests/addresses.test.ts',
    },
  },
  'identity.updateAddress': {
    ADDRESS_NOT_FOUND: ({ account }) => ({ token: account, input: { addressId: nobody } }),
    ADDRESS_INVALID: ({ account }) => ({ token: account, input: { addressId: nobody, address: nowhere } }),
  },
  'identity.removeAddress': {
    ADDRESS_NOT_FOUND: ({ account }) => ({ token: account, input: { addressId: nobody } }),
  },
  'identity.endSession': {
    SESSION_NOT_FOUND: ({ account }) => ({ token: account, input: { sessionId: nobody } }),
  },
  'identity.refresh': { REFRESH_TOKEN_INVALID: () => ({ input: { refreshToken: 'rt_none' } }) },
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

export type Causes = Readonly<Record<string, Readonly<Record<string, Cause>>>>

/** By operation and by code. */
export const provocations: Causes = { ...ofIdentity, ...ofCatalog, ...ofCarts, ...ofOrders, ...ofOthers }
