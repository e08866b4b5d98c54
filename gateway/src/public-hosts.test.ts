import { expect, test } from 'bun:test'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from './config.ts'
import { faultOf } from './middleware/well-formed.ts'
import { publicHosts } from './public-hosts.ts'

const hostsOf = (given: Record<string, string>) =>
  publicHosts(readConfig(Config, { NATS_URL: 'nats://127.0.0.1:4222', ...given }))
const asked = (host: string, path = '/v1/products', hosts = hostsOf({})) =>
  faultOf(new Request(`http://${host}${path}`), hosts)?.status ?? 200

const shop = hostsOf({ PUBLIC_URL: 'https://shop.example', PUBLIC_HOSTS: 'gateway:8080, [::1]:8080' })

test.each(['shop.example', 'SHOP.example', 'shop.example:443', 'gateway:8080', '[::1]:8080'])(
  'a request for %s is ours',
  (host) => expect(asked(host, '/v1/products?q=a/b', shop)).toBe(200),
)

test.each(['evil.example', 'shop.example.evil.example', 'shop.example:8443', 'gateway', '127.0.0.1:8080'])(
  'a request for %s is misdirected, whatever it asks for, unless it is asked about the instance itself',
  (host) => {
    for (const path of ['/v1/products', '/', '/oauth/authorize', '/healthz/../v1/products', '//readyz'])
      expect([path, asked(host, path, shop)]).toEqual([path, 421])
    for (const path of ['/healthz', '/livez', '/startupz', '/readyz', '/metrics'])
      expect([path, asked(host, path, shop)]).toEqual([path, 200])
  },
)

test('without a public address any host is ours', () => {
  expect(asked('evil.example')).toBe(200)
})

test.each(['https://shop.example', 'a b', 'shop.example/', '*'])(
  '%s is no host that could be named',
  (host) => expect(() => hostsOf({ PUBLIC_HOSTS: host })).toThrow('PUBLIC_HOSTS'),
)
