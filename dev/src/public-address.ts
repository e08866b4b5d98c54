/** Where a developer's browser finds the shop: what links, metadata and tokens name. The tools of this folder use 127.0.0.1. */
export const publicAddress = (port: number) => {
  const url = `http://localhost:${port}`
  return { gateway: { PUBLIC_URL: url, PUBLIC_HOSTS: `127.0.0.1:${port}` }, identity: { ISSUER: url } }
}
