import { expect, test } from 'bun:test'
import { z } from 'zod'
import { query } from '@comptoir/contracts/contract'
import { graphqlEdge } from '../../testing/graphql-edge.ts'

/** A schema that holds itself, as a tree does. */
const Branch = z.object({
  name: z.string(),
  get branches() {
    return z.array(Branch).nullable()
  },
})
const contracts = {
  trees: {
    getTree: query({ summary: 'A tree', access: 'public', input: z.strictObject({}), output: Branch }),
  },
}

const nested = (levels: number): string =>
  levels === 1 ? 'name' : `branches { ... on TreesGetTreeResult { ${nested(levels - 1)} } }`

test('a type may hold itself, and is asked for eight levels deep', async () => {
  const { ask, sent } = graphqlEdge({
    contracts,
    answers: { 'trees.getTree': () => ({ name: 'oak', branches: null }) },
  })
  const costly = (levels: number) => ask(`{ treesGetTree { ${nested(levels - 1)} } }`)
  expect((await costly(4)).data).toEqual({ treesGetTree: { branches: null } })
  expect((await costly(9)).errors?.[0]?.message).toContain('9 levels')
  expect(sent).toHaveLength(1)
})
