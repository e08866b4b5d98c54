import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** A guest's access token as identity would sign it, and the key set that it is checked against. */
export const hopToken = async (): Promise<{ token: string; keys: object }> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  const kid = crypto.randomUUID()
  const token = await new SignJWT({ kind: 'guest', scopes: [] })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .setIssuer('comptoir')
    .setAudience('comptoir')
    .setSubject(crypto.randomUUID())
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
  return { token, keys: { keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }] } }
}
