/** What the query of a tRPC request tells the gateway. */

export interface TrpcQuery {
  readonly isBatch: boolean
  readonly input: string | null
}

/** As tRPC's own clients write it; the form of the value is judged by what decodes it. */
const usual = /^\?(batch=1&)?input=([^&+]*)$/

/** Reads a query with its question mark. What is written in the usual way needs no list of all its words. */
export const readQuery = (search: string): TrpcQuery => {
  const [, batch, text] = usual.exec(search) ?? []
  const input = text === undefined ? undefined : decoded(text)
  if (input !== undefined) return { isBatch: batch !== undefined, input }
  const query = new URLSearchParams(search)
  return { isBatch: query.get('batch') === '1', input: query.get('input') }
}

/** Undefined for what is no UTF-8: a query replaces it, which is left to those who know how. */
const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
