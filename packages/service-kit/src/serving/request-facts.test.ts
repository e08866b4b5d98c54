import { expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import { readRequestFacts } from './request-facts.ts'

const hash = 'a'.repeat(64)

/** A request in the name of a service whose token is known; no other is. */
const factsOf = (caller: string, network: string) =>
  readRequestFacts(
    new Request('http://service.example/trpc/x', {
      headers: { authorization: `Bearer ${caller}`, 'x-network': network },
    }),
    async (token) => {
      if (token === 'forged') throw commonError('UNAUTHENTICATED')
      return { actor: anonymous, caller: token }
    },
  )

test('believes the edge, and nobody else, from which network a request comes', async () => {
  expect((await factsOf('gateway', hash)).network).toBe(hash)
  expect((await factsOf('orders', hash)).network).toBeUndefined()
  expect(factsOf('forged', hash)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
})

test.each(['198.51.100.7', '2001:db8::/64', `${hash}a`, hash.toUpperCase(), 'unknown'])(
  'takes no %s for a network: only its hash',
  async (told) => {
    expect((await factsOf('gateway', told)).network).toBeUndefined()
  },
)
