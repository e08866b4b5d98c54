/** How a service is told which network asks: by a hash, because no address leaves the edge, and only where it has to know. */
import { createHash } from 'node:crypto'
import type { ProcedureContract } from '@comptoir/contracts/contract'

/** The hash of a network as it is counted by; undefined where it is not known. */
export const networkHash = (client: string | undefined): string | undefined =>
  client === undefined || client === 'unknown'
    ? undefined
    : createHash('sha256').update(`network:${client}`).digest('hex')

/** The header that goes with a call of these operations. */
export const networkHeader = (
  client: string | undefined,
  contracts: readonly ProcedureContract[],
): Record<string, string> => {
  if (!contracts.some(({ byNetwork }) => byNetwork === true)) return {}
  const hash = networkHash(client)
  return hash === undefined ? {} : { 'x-network': hash }
}
