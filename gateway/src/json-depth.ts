/** How deep and how wide JSON is, told from its bytes: parsing and writing such JSON costs far more than reading it. */
import { commonError } from '@comptoir/contracts/errors'

const depthMax = 32
/** Of one object; of how many objects there are, the size of the body says enough. */
const keysMax = 1_000

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const opening = new Set([0x7b, 0x5b])
const closing = new Set([0x7d, 0x5d])

/**
 * Throws MALFORMED_REQUEST when arrays and objects are nested more than 32 deep, or when an object has more than 1,000
 * keys, repeated ones counted each time. Says nothing else of the text.
 */
export const refuseDeep = (json: Uint8Array): void => {
  let depth = 0
  let inText = false
  /** Of the objects that are open, by depth. */
  const keys = new Uint32Array(depthMax + 1)
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0
    if (byte === quote) inText = !inText
    else if (inText && byte === backslash) at += 1
    else if (inText) continue
    else if (opening.has(byte)) {
      depth += 1
      if (depth > depthMax) throw excess(`JSON is taken up to ${depthMax} levels deep.`)
      keys[depth] = 0
    } else if (closing.has(byte)) depth = Math.max(depth - 1, 0)
    else if (byte === colon && (keys[depth] = (keys[depth] ?? 0) + 1) > keysMax)
      throw excess(`A JSON object is taken with up to ${keysMax} keys.`)
  }
}

const encoder = new TextEncoder()

/** The same of JSON that is text already. */
export const refuseDeepText = (json: string): void => {
  // Too short for either.
  if (json.length > depthMax) refuseDeep(encoder.encode(json))
}

const excess = (message: string) => commonError('MALFORMED_REQUEST', { message })
