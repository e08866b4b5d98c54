/** Which hosts a request may be for, where the gateway knows where others find it. */
import type { Config } from './config.ts'

/**
 * The host of PUBLIC_URL, with and without its scheme’s port, and those of PUBLIC_HOSTS; undefined without PUBLIC_URL: then
 * any host is ours.
 */
export const publicHosts = ({
  PUBLIC_URL,
  PUBLIC_HOSTS,
}: Pick<Config, 'PUBLIC_URL' | 'PUBLIC_HOSTS'>): ReadonlySet<string> | undefined => {
  if (PUBLIC_URL === undefined) return undefined
  const { host, hostname, port, protocol } = new URL(PUBLIC_URL)
  const withPort = port === '' ? [`${hostname}:${protocol === 'https:' ? 443 : 80}`] : []
  return new Set([host, ...withPort, ...PUBLIC_HOSTS])
}
