import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** A key as identity has one, the set that it is published in, and guests' access tokens that it signs. */
export const accessKey = async (): Promise<{ sign: () => Promise<string>; keys: object }> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  const kid = crypto.randomUUID()
  const sign = () =>
    new SignJWT({ kind: 'guest', scopes: [] })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuer('comptoir')
      .setAudience('comptoir')
      .setSubject(crypto.randomUUID())
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)
  return { sign, keys: { keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }] } }
}

/** A guest's access token as identity would sign it, and the key set that it is checked against. */
export const hopToken = async (): Promise<{ token: string; keys: object }> => {
  const { sign, keys } = await accessKey()
  return { token: await sign(), keys }
}
