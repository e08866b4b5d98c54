const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export const randomId = (prefix: string, length = 24): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return prefix + Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
}

export const randomHex = (prefix: string, length = 32): string =>
  prefix + Buffer.from(crypto.getRandomValues(new Uint8Array(length / 2))).toString('hex')
