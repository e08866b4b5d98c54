import { afterAll, describe, expect, test } from 'bun:test'
import { serverAudits } from 'graphql-http'
import { graphqlEdge } from '../../testing/graphql-edge.ts'

// Some audits ask for the type String, which only those are told of who may ask what there is.
const { edge } = graphqlEdge({ shown: { introspection: true, graphiql: false } })
const server = Bun.serve({ port: 0, fetch: (request, self) => edge.fetch(request, { server: self }) })
afterAll(() => server.stop(true))

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: `${server.url.origin}/graphql`, fetchFn: fetch })

  test('has all the audits that there are', () => {
    expect(audits).toHaveLength(61)
  })

  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))(
    '%s',
    async (_name, audit) => {
      const result = await audit.fn()
      expect([result.status, 'reason' in result ? result.reason : undefined]).toEqual(['ok', undefined])
    },
  )
})
