import { describe, expect, test } from 'bun:test'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { asGuest, cart, graphqlEdge } from '../../testing/graphql-edge.ts'

describe('an error', () => {
  test('has the contract’s code, and its problem with this request’s id', async () => {
    const error = new ServiceError('OUT_OF_STOCK', { status: 409, message: 'Gone', data: { lines: [] } })
    const { post } = graphqlEdge({
      answers: {
        'orders.placeOrder': () => {
          throw error
        },
      },
    })
    const response = await post({ query: 'mutation { ordersPlaceOrder { id } }' }, asGuest)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      data: { ordersPlaceOrder: null },
      errors: [
        {
          message: 'Gone',
          path: ['ordersPlaceOrder'],
          extensions: {
            code: 'OUT_OF_STOCK',
            problem: {
              code: 'OUT_OF_STOCK',
              status: 409,
              data: { lines: [] },
              instance: '/graphql',
              requestId: response.headers.get('x-request-id'),
            },
          },
        },
      ],
    })
  })

  test.each([
    ['speaks nonsense', () => new Response('panic at 10.0.0.1', { status: 502 }), 'UNAVAILABLE'],
    [
      'is away',
      () => Promise.reject(commonError('UNAVAILABLE', { cause: new Error('10.0.0.1') })),
      'UNAVAILABLE',
    ],
    ['breaks us', () => Promise.reject(new Error('password at 10.0.0.1')), 'INTERNAL'],
    ['breaks its contract', () => Response.json({ result: { data: { id: '10.0.0.1' } } }), 'INTERNAL'],
    [
      'answers a number that is none',
      () => Response.json({ result: { data: { ...cart, version: '10.0.0.1' } } }),
      'INTERNAL',
    ],
  ])('of a service that %s says nothing of what is inside', async (_what, upstream, code) => {
    const { ask } = graphqlEdge({ upstream })
    const answer = await ask('{ cartsGetCart { id version totals { currency } } }')
    expect(answer.data).toEqual({ cartsGetCart: null })
    expect(answer.errors).toMatchObject([{ extensions: { code, problem: { code } } }])
    expect(JSON.stringify(answer)).not.toMatch(/10\.0\.0\.1|password|stack/)
  })

  test.each([
    ['{ identityGetMe { id } }', asGuest, 'FORBIDDEN'],
    ['{ cartsGetCart { id } }', {}, 'UNAUTHENTICATED'],
    ['mutation { catalogArchiveProduct(productId: "p") }', asGuest, 'FORBIDDEN'],
    ['{ catalogQuote(variantIds: ["v"]) { quotes { name } } }', asGuest, 'MALFORMED_REQUEST'],
    ['{ catalogNothing { id } }', asGuest, 'MALFORMED_REQUEST'],
  ])('refuses %s before any service is asked', async (query, headers, code) => {
    const { post, sent } = graphqlEdge()
    const { errors } = (await (await post({ query }, headers)).json()) as { errors: unknown[] }
    expect(errors).toMatchObject([{ extensions: { code, problem: { code } } }])
    expect(sent).toEqual([])
  })

  test('of something hidden is the error of something that does not exist', async () => {
    const { ask } = graphqlEdge()
    const [hidden, missing] = [await ask('{ catalogQuote }'), await ask('{ catalogQuoth }')]
    expect(hidden.errors?.[0]?.message.replace('catalogQuote', 'catalogQuoth')).toBe(
      missing.errors![0]!.message,
    )
  })
})
