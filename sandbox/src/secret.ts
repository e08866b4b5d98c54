import { timingSafeEqual } from 'node:crypto'

export const sameSecret = (given: string, expected: string): boolean => {
  const [a, b] = [
    new Bun.CryptoHasher('sha256').update(given).digest(),
    new Bun.CryptoHasher('sha256').update(expected).digest(),
  ]
  return timingSafeEqual(a, b)
}

export const bearer = (header: string | undefined): string | undefined =>
  /^bearer\s+(\S+)$/i.exec(header ?? '')?.[1]

export const basic = (header: string | undefined): { user: string; password: string } | undefined => {
  const encoded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0
    ? { user: text, password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
