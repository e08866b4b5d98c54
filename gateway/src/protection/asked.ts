/** What a request asks for, told from its address alone: how much it matters, how long it may take and what it counts as. */
import { timeoutMsOf, type Priority, type ProcedureContract } from '@comptoir/contracts/contract'
import type { Operations } from '../operations.ts'

export interface Asked {
  /** The one service that answers; undefined where there are several, or nobody can tell yet. */
  readonly service?: string | undefined
  readonly priority: Priority
  /** Of its slowest operation. */
  readonly timeoutMs: number
  readonly reads: number
  readonly writes: number
  /** Writes that need no credential, such as a login. */
  readonly entries: number
}

/** From what gives way last to what gives way first. */
export const priorities = ['checkout', 'account', 'browse', 'crawl'] as const satisfies readonly Priority[]

/** A request that is no operation of ours: it will be told so, and costs as much as a read. */
export const nothingAsked: Asked = { priority: 'browse', timeoutMs: 2_000, reads: 1, writes: 0, entries: 0 }

/** What one operation asks for. */
export const askedOf = (contract: ProcedureContract): Asked => {
  const isEntry = contract.kind === 'mutation' && contract.access === 'public'
  return {
    priority: priorityOf(contract),
    timeoutMs: timeoutMsOf(contract),
    reads: contract.kind === 'mutation' ? 0 : 1,
    writes: contract.kind === 'mutation' && !isEntry ? 1 : 0,
    entries: isEntry ? 1 : 0,
  }
}

const priorityOf = ({ priority, kind, access }: ProcedureContract): Priority => {
  if (priority !== undefined) return priority
  if (access === 'public') return kind === 'mutation' ? 'account' : 'browse'
  const isShoppers = access === 'guest' || (typeof access === 'object' && access.own === 'guest')
  return isShoppers && kind === 'mutation' ? 'checkout' : 'account'
}

/** Several operations in one request matter as much as the first among them, and count one by one. */
const together = (one: Asked, other: Asked): Asked => ({
  service: one.service === other.service ? one.service : undefined,
  priority:
    priorities.indexOf(one.priority) < priorities.indexOf(other.priority) ? one.priority : other.priority,
  timeoutMs: Math.max(one.timeoutMs, other.timeoutMs),
  reads: one.reads + other.reads,
  writes: one.writes + other.writes,
  entries: one.entries + other.entries,
})

/** Makes the function that tells what the names of a tRPC request ask for, such as `carts.getCart,orders.listOrders`. */
export const createAskedByNames = (operations: Operations): ((names: string) => Asked) => {
  const known = new Map(
    [...operations.values()].map(({ path, service, contract }) => [path, { service, ...askedOf(contract) }]),
  )
  const find = (name: string): Asked => known.get(name) ?? nothingAsked
  // More than ten are refused whatever they are.
  return (names) => known.get(names) ?? names.split(',', 10).map(find).reduce(together)
}

/** Makes the function that tells what a route of the REST façade asks for; undefined for any other route. */
export const createAskedByRoute = (
  operations: Operations,
): ((method: string, path: string) => Asked | undefined) => {
  const known = new Map<string, Map<string, Asked>>()
  for (const { service, contract } of operations.values()) {
    if (contract.http === undefined) continue
    const path = contract.http.path.replaceAll(/\{(\w+)\}/g, ':$1')
    const methods = known.get(path) ?? new Map<string, Asked>()
    methods.set(contract.http.method, { service, ...askedOf(contract) })
    known.set(path, methods)
  }
  return (method, path) => known.get(path)?.get(method)
}

/** The operation names of an address below `/trpc/`: `path` has no query or ends where that begins. */
export const namesIn = (path: string): string => {
  const end = path.indexOf('?')
  const names = path.slice('/trpc/'.length, end === -1 ? undefined : end)
  return names.includes('%') ? decoded(names) : names
}

const decoded = (names: string): string => {
  try {
    return decodeURIComponent(names)
  } catch {
    return names
  }
}
