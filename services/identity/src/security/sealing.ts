const version = 'aes-256-gcm.v1'

/** Keeps a text secret at rest. `label` names what it belongs to: sealed under one label it opens under no other. */
export interface Sealing {
  seal(plain: string, label: string): Promise<string>
  open(sealed: string, label: string): Promise<string>
}

export const isSealed = (text: string): boolean => text.startsWith(`${version}.`)

/** AES-GCM under a key derived from the secret by HKDF (RFC 5869), with a fresh 96-bit nonce a text. */
export const sealing = (secret: string): Sealing => {
  const key = deriveKey(secret)
  return {
    seal: async (plain, label) => {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const bytes = await crypto.subtle.encrypt(parameters(iv, label), await key, encode(plain))
      return [version, toText(iv), toText(new Uint8Array(bytes))].join('.')
    },
    open: async (sealed, label) => {
      const [iv, bytes] = sealed
        .slice(version.length + 1)
        .split('.')
        .map(toBytes)
      if (!isSealed(sealed) || iv === undefined || bytes === undefined)
        throw new Error('This text is not sealed')
      const plain = await crypto.subtle
        .decrypt(parameters(iv, label), await key, bytes)
        .catch((cause: unknown) => {
          throw new Error('KEY_ENCRYPTION_SECRET does not open what was sealed before', { cause })
        })
      return new TextDecoder().decode(plain)
    },
  }
}

const deriveKey = async (secret: string): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: encode('comptoir.identity'), info: encode(version) },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}

const parameters = (iv: Uint8Array<ArrayBuffer>, label: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: encode(label),
})
const encode = (text: string) => new TextEncoder().encode(text)
const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const toBytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url'))
