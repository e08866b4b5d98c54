import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** The passwords that are tried first, in small letters; those that are too short to be taken at all are left out. */
export const readCommonPasswords = (): ReadonlySet<string> => {
  const packed = readFileSync(new URL('../data/common-passwords.txt.gz', import.meta.url))
  return new Set(gunzipSync(packed).toString('utf8').trimEnd().split('\n'))
}
