/** Who may know more of the gateway than whether it is ready: those who run it. */
import { BlockList, isIPv6 } from 'node:net'
import type { HttpBindings } from './bindings.ts'

const internal = new BlockList()
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  internal.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  internal.addSubnet(network, bits, 'ipv6')

const marksOfProxies = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

/**
 * Whether a request comes from this machine or from a private network (RFC 1918, RFC 4193, link-local) by itself. What a
 * proxy has passed on comes from anywhere.
 */
export const isInternal = ({ headers }: Request, address: string | undefined): boolean => {
  if (address === undefined || marksOfProxies.some((name) => headers.has(name))) return false
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return internal.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}

/** The address of the other end of the connection; undefined where there is none. */
export const peerOf = (request: Request, bindings: Partial<HttpBindings> | undefined): string | undefined =>
  bindings?.server?.requestIP(request)?.address
