// The official links against a gateway, on whatever runtime: what came of each call.
import {
  createTRPCUntypedClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  loggerLink,
  retryLink,
  splitLink,
} from '@trpc/client'
import { EventSource } from 'eventsource'

/** Asks for what the task names, by each link. */
export const runLinks = async ({ url, token, orderId, variantId }) => {
  const headers = { authorization: `Bearer ${token}` }
  let requests = 0
  const counted = (...given) => {
    requests += 1
    return fetch(...given)
  }
  const options = { url, headers, fetch: counted }
  const clientOf = (...links) => createTRPCUntypedClient({ links })

  /** What came of calls: `ok`, or the code of the error. */
  const outcomes = async (calls) => {
    requests = 0
    const settled = await Promise.allSettled(calls)
    return {
      requests,
      outcomes: settled.map(({ status, reason }) =>
        status === 'fulfilled' ? 'ok' : (reason.data?.code ?? String(reason.message)),
      ),
    }
  }

  const several = (client) => [
    client.query('carts.getCart', {}),
    client.query('catalog.listProducts', { limit: 2 }),
    client.query('identity.getMe', {}),
    client.query('orders.getOrder', { orderId }),
    client.mutation('carts.addLine', { variantId, quantity: 1 }),
  ]
  const many = (client, count) =>
    Array.from({ length: count }, (_, index) =>
      client.query(index % 2 === 0 ? 'catalog.listCategories' : 'carts.getCart', {}),
    )

  const plain = clientOf(httpLink(options))
  const batching = clientOf(httpBatchLink(options))
  const bounded = clientOf(httpBatchLink({ ...options, maxItems: 10 }))
  const streaming = clientOf(httpBatchStreamLink(options))
  const overriding = clientOf(httpLink({ ...options, methodOverride: 'POST' }))
  const expired = clientOf(httpBatchLink({ ...options, headers: { authorization: 'Bearer old' } }))

  const lines = []
  const logged = loggerLink({
    enabled: () => true,
    colorMode: 'none',
    console: { log: (line) => lines.push(line), error: (line) => lines.push(line) },
  })
  const patient = retryLink({
    retry: ({ error, attempts }) => error.data?.code === 'ORDER_NOT_FOUND' && attempts < 3,
  })
  const withToken = (address, init) => fetch(address, { ...init, headers: { ...init.headers, ...headers } })
  const subscribing = httpSubscriptionLink({
    url,
    EventSource,
    eventSourceOptions: () => ({ fetch: withToken }),
  })
  const split = clientOf(
    logged,
    patient,
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: subscribing,
      false: httpBatchLink(options),
    }),
  )

  /** The ids of so many entries of the order's timeline, from behind the one that is named. */
  const watch = (count, lastEventId) =>
    new Promise((resolve, reject) => {
      const ids = []
      const subscription = split.subscription(
        'orders.watchOrder',
        { orderId, ...(lastEventId === undefined ? {} : { lastEventId }) },
        {
          onData: ({ data }) => {
            ids.push(data.id)
            if (ids.length < count) return
            subscription.unsubscribe()
            resolve(ids)
          },
          onError: reject,
        },
      )
    })

  const missing = '01900000-0000-7000-8000-000000000000'
  const first = await watch(2)
  return {
    httpLink: await outcomes(several(plain)),
    httpBatchLink: await outcomes(several(batching)),
    httpBatchStreamLink: await outcomes(several(streaming)),
    splitLink: await outcomes(several(split)),
    tooMany: await outcomes(many(batching, 12)),
    bounded: await outcomes(many(bounded, 12)),
    methodOverride: await outcomes([overriding.query('catalog.listCategories', {})]),
    expired: await outcomes(several(expired)),
    retryLink: await outcomes([split.query('orders.getOrder', { orderId: missing })]),
    watched: first,
    resumed: await watch(1, first[0]),
    logged: lines.length > 0,
  }
}
