import { ok, type Call, type Operation } from './call.ts'
import { cancelIntent } from './cancel-intent.ts'
import { captureIntent } from './capture-intent.ts'
import { confirmIntent } from './confirm-intent.ts'
import { createIntent } from './create-intent.ts'
import { createRefund, updateRefund } from './create-refund.ts'
import { loadIntentFor, shownIntent } from './intent-state.ts'
import { listEvents, retrieveEvent } from './list-events.ts'
import { equals, listObjects } from './list-objects.ts'
import { searchIntents } from './search-intents.ts'
import { find, type Kind } from './store.ts'
import { notFound } from './stripe-error.ts'
import { updateIntent } from './update-intent.ts'

const retrieve = (kind: Kind, name: string, path: string): Operation => ({
  name,
  method: 'GET',
  path: `${path}/:id`,
  run: ({ desk, id }: Call) => {
    const found = find(desk.ledger, kind, id)
    if (found === undefined) throw notFound(kind, id)
    return ok(found)
  },
})

const intents = '/v1/payment_intents'

export const operations: Operation[] = [
  { name: 'payment_intents.create', method: 'POST', path: intents, run: createIntent },
  {
    name: 'payment_intents.list',
    method: 'GET',
    path: intents,
    run: (call) =>
      listObjects(call, 'payment_intent', equals(call.form, 'customer', "json_extract(body, '$.customer')")),
  },
  { name: 'payment_intents.search', method: 'GET', path: `${intents}/search`, run: searchIntents },
  {
    name: 'payment_intents.retrieve',
    method: 'GET',
    path: `${intents}/:id`,
    publishable: true,
    run: (call) => ok(shownIntent(call, loadIntentFor(call))),
  },
  { name: 'payment_intents.update', method: 'POST', path: `${intents}/:id`, run: updateIntent },
  {
    name: 'payment_intents.confirm',
    method: 'POST',
    path: `${intents}/:id/confirm`,
    publishable: true,
    run: confirmIntent,
  },
  { name: 'payment_intents.capture', method: 'POST', path: `${intents}/:id/capture`, run: captureIntent },
  { name: 'payment_intents.cancel', method: 'POST', path: `${intents}/:id/cancel`, run: cancelIntent },
  {
    name: 'charges.list',
    method: 'GET',
    path: '/v1/charges',
    run: (call) => listObjects(call, 'charge', equals(call.form, 'payment_intent', 'intent')),
  },
  retrieve('charge', 'charges.retrieve', '/v1/charges'),
  { name: 'refunds.create', method: 'POST', path: '/v1/refunds', run: createRefund },
  {
    name: 'refunds.list',
    method: 'GET',
    path: '/v1/refunds',
    run: (call) =>
      listObjects(call, 'refund', [
        ...equals(call.form, 'payment_intent', 'intent'),
        ...equals(call.form, 'charge', 'charge'),
      ]),
  },
  retrieve('refund', 'refunds.retrieve', '/v1/refunds'),
  { name: 'refunds.update', method: 'POST', path: '/v1/refunds/:id', run: updateRefund },
  { name: 'events.list', method: 'GET', path: '/v1/events', run: listEvents },
  { name: 'events.retrieve', method: 'GET', path: '/v1/events/:id', run: retrieveEvent },
  {
    name: 'balance_transactions.list',
    method: 'GET',
    path: '/v1/balance_transactions',
    run: (call) =>
      listObjects(call, 'balance_transaction', [
        ...equals(call.form, 'type', 'type'),
        ...equals(call.form, 'source', 'charge'),
        ...equals(call.form, 'currency', "json_extract(body, '$.currency')"),
      ]),
  },
  retrieve('balance_transaction', 'balance_transactions.retrieve', '/v1/balance_transactions'),
  retrieve('payment_method', 'payment_methods.retrieve', '/v1/payment_methods'),
  retrieve('dispute', 'disputes.retrieve', '/v1/disputes'),
]
