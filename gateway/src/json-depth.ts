/** How deep JSON is nested, told from its bytes: parsing and writing deep JSON costs far more than reading it. */
import { commonError } from '@comptoir/contracts/errors'

const depthMax = 32

const quote = 0x22
const backslash = 0x5c
const opening = new Set([0x7b, 0x5b])
const closing = new Set([0x7d, 0x5d])

/** Throws MALFORMED_REQUEST when arrays and objects are nested more than 32 deep. Says nothing else of the text. */
export const refuseDeep = (json: Uint8Array): void => {
  let depth = 0
  let inText = false
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0
    if (byte === quote) inText = !inText
    else if (inText && byte === backslash) at += 1
    else if (!inText && opening.has(byte)) depth += 1
    else if (!inText && closing.has(byte)) depth -= 1
    if (depth > depthMax)
      throw commonError('MALFORMED_REQUEST', { message: `JSON is taken up to ${depthMax} levels deep.` })
  }
}
