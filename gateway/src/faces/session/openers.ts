/** What a browser can get a session by. */
import type { Operation, Operations } from '../../operations.ts'

/** The operations whose contracts say that they open a session, by the name that they have below `/session/`. */
export const sessionOpeners = (operations: Operations): ReadonlyMap<string, Operation> =>
  new Map(
    [...operations.values()]
      .filter(({ contract }) => contract.kind === 'mutation' && contract.session === 'opens')
      .map((operation) => [operation.name, operation]),
  )
