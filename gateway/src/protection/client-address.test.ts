import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { clientAddress, networkOf, readTrustedProxies } from './client-address.ts'

describe('without trusted proxies', () => {
  test('the address is the connection’s, whatever is forwarded', () => {
    fc.assert(
      fc.property(fc.string(), (forwarded) => {
        expect(clientAddress('203.0.113.9', forwarded, 0)).toBe('203.0.113.9')
      }),
    )
  })

  test('an IPv4 address in IPv6 clothes is the IPv4 address', () => {
    expect(clientAddress('::ffff:203.0.113.9', null, 0)).toBe('203.0.113.9')
  })
})

describe('behind a number of proxies', () => {
  test.each([
    [1, '198.51.100.7', '198.51.100.7'],
    [1, '1.1.1.1, 198.51.100.7', '198.51.100.7'],
    [2, '1.1.1.1, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    [2, '198.51.100.7', '198.51.100.7'],
    [1, '[2001:db8::1]:4711', '2001:db8::1'],
    [1, '198.51.100.7:4711', '198.51.100.7'],
    [1, 'no address', '10.0.0.1'],
    [1, '', '10.0.0.1'],
  ] as const)('%d of them, %j is %s', (count, forwarded, address) => {
    expect(clientAddress('10.0.0.1', forwarded, count)).toBe(address)
  })

  test('what a client puts in front of what the proxy wrote changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), (forged) => {
        expect(clientAddress('10.0.0.1', `${forged},198.51.100.7`, 1)).toBe('198.51.100.7')
      }),
    )
  })
})

describe('behind proxies of known networks', () => {
  const proxies = readTrustedProxies('10.0.0.0/8, fd00::/8,192.0.2.1') ?? 0

  test.each([
    ['10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.7, 10.9.9.9', '198.51.100.7'],
    ['fd00::1', '2001:db8::1, 192.0.2.1', '2001:db8::1'],
    ['203.0.113.9', '198.51.100.7', '203.0.113.9'],
    ['::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['10.0.0.1', '1.1.1.1, no address', '10.0.0.1'],
  ])('from %s with %j it is %s', (socket, forwarded, address) => {
    expect(clientAddress(socket, forwarded, proxies)).toBe(address)
  })
})

test.each(['a', '10.0.0.0/33', '10.0.0/8', '::/129', '10.0.0.0/x', '-1'])('%j is no proxy', (text) => {
  expect(readTrustedProxies(text)).toBeUndefined()
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
