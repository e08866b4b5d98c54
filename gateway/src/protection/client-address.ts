/**
 * Whose request it is: the address at the other end of the connection. What `X-Forwarded-For` says counts only where the
 * connection comes from a proxy that we were told to trust, because anybody can write anything there.
 */
import { BlockList, isIP } from 'node:net'

/** A number of proxies in front of us, or their networks. */
export type TrustedProxies = number | BlockList

/** Reads `TRUSTED_PROXIES`: a number, or networks such as `10.0.0.0/8, fd00::/8`. Undefined for anything else. */
export const readTrustedProxies = (text: string): TrustedProxies | undefined => {
  if (/^\d{1,2}$/.test(text.trim())) return Number(text)
  const list = new BlockList()
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue
    const [address = '', bits] = part.split('/')
    const version = isIP(address)
    const most = version === 6 ? 128 : 32
    const prefix = bits === undefined ? most : Number(bits)
    if (version === 0 || !/^\d{1,3}$/.test(bits ?? '0') || prefix > most) return undefined
    list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** The client's address; `forwarded` is the header `X-Forwarded-For`, its latest entry last. */
export const clientAddress = (socket: string, forwarded: string | null, trusted: TrustedProxies): string => {
  const own = plain(socket)
  if (forwarded === null || trusted === 0 || (typeof trusted !== 'number' && !isTrusted(own, trusted)))
    return own
  const told = forwarded.split(',').map((each) => plain(each.trim()))
  let address = own
  for (let hop = 1; hop <= told.length; hop += 1) {
    const next = told.at(-hop)
    const isBehind = typeof trusted === 'number' ? hop <= trusted : isTrusted(address, trusted)
    if (!isBehind || next === undefined || isIP(next) === 0) return address
    address = next
  }
  return address
}

const isTrusted = (address: string, trusted: BlockList): boolean =>
  trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Without port, brackets and zone, and an IPv4 address as such however it is written. */
const plain = (address: string): string => {
  if (!address.includes(':')) return address
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address
  const [unzoned = ''] = bare.split('%')
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(unzoned)?.[1] ?? unzoned
}

/**
 * What addresses are counted by: an IPv4 address as it is, and of an IPv6 address the first 64 bits, because a customer
 * gets all of those below.
 */
export const networkOf = (address: string): string => {
  if (!address.includes(':') || isIP(address) !== 6) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // An IPv4 address at the end stands for two groups.
  const afterCount = after.length + (after.at(-1)?.includes('.') === true ? 1 : 0)
  const zeros = tail === undefined ? 0 : 8 - before.length - afterCount
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${groups.slice(0, 4).map(unpadded).join(':')}::/64`
}

const unpadded = (group: string): string => group.replace(/^0+(?=.)/, '')
