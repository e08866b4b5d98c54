/** What stands before the faces: limits for each client, and who gets in where not everybody can be served. */
import type { Priority } from '@comptoir/contracts/contract'
import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { EdgeEnv } from '../edge-context.ts'
import { sessionOpeners } from '../faces/session/openers.ts'
import type { Operations } from '../operations.ts'
import { createAdmission, type Admission } from './admission.ts'
import {
  askedOf,
  createAskedByNames,
  createAskedByRoute,
  namesIn,
  nothingAsked,
  type Asked,
} from './asked.ts'
import { networkOf, type TrustedProxies } from './client-address.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import type { Limits } from './limits.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { requestAddress } from './request-address.ts'

export interface Protection {
  readonly limits: () => Limits
  readonly rates: RateLimiter
  readonly inFlight: InFlight
  readonly admission: Admission
  /** What the client is counted by: its address, or its network. */
  clientOf(c: Context<EdgeEnv>): string
  askedOf(c: Context<EdgeEnv>): Asked
  /** Tells whoever watches that a request was refused. */
  refused(reason: 'rate' | 'in-flight' | 'overload', priority: Priority): void
}

export interface ProtectionOptions {
  readonly operations: Operations
  /** Asked again and again, so that limits can change at any time. */
  readonly limits: () => Limits
  readonly trustedProxies: TrustedProxies
  readonly onRefused?: Protection['refused']
}

export const createProtection = (options: ProtectionOptions): Protection => {
  const { limits, trustedProxies, operations } = options
  return {
    limits,
    rates: createRateLimiter({ limits }),
    inFlight: createInFlight(() => limits().inFlightPerAddress),
    admission: createAdmission({ limits }),
    clientOf: (c) => clientOf(c, trustedProxies),
    askedOf: createAskedOf(operations),
    refused: (reason, priority) => options.onRefused?.(reason, priority),
  }
}

const clientOf = (c: Context<EdgeEnv>, trusted: TrustedProxies): string => {
  const address = requestAddress(c, trusted)
  return address === undefined ? 'unknown' : networkOf(address)
}

const webhook: Asked = { ...nothingAsked, priority: 'checkout', reads: 0 }

/** Whoever signs in to consent could be guessing. */
const entering: Asked = { ...nothingAsked, priority: 'account', timeoutMs: 5_000, reads: 0, entries: 1 }

/** Programs are counted once it is known which of them asks, and whether it is that one. */
const proving: Asked = { ...entering, entries: 0 }
const provingPaths = ['/oauth/token', '/oauth/introspect', '/oauth/revoke']

/** On the way to a provider, which is asked meanwhile, or back from it. */
const leaving: Asked = { ...entering, timeoutMs: 9_000 }

/** Its operations are told by the body alone: they are charged one by one when they are called. */
const document: Asked = { ...nothingAsked, priority: 'account', timeoutMs: 5_000, reads: 0 }

const createAskedOf = (operations: Operations): Protection['askedOf'] => {
  const byNames = createAskedByNames(operations)
  const byRoute = createAskedByRoute(operations)
  const openers = sessionOpeners(operations)
  const byPath = (c: Context<EdgeEnv>): Asked => {
    const { path } = c.req
    if (path.startsWith('/trpc/')) return byNames(namesIn(path))
    if (path.startsWith('/webhooks/')) return webhook
    if (path === '/graphql') return document
    if (path.startsWith('/oauth/') && c.req.method === 'POST')
      return provingPaths.includes(path) ? proving : entering
    if (path.startsWith('/auth/')) return leaving
    const opener = path.startsWith('/session/') ? openers.get(path.slice('/session/'.length)) : undefined
    if (opener !== undefined) return askedOf(opener.contract)
    for (const route of matchedRoutes(c)) {
      const asked = byRoute(route.method, route.path)
      if (asked !== undefined) return asked
    }
    return nothingAsked
  }
  return (c) => {
    const asked = byPath(c)
    const isCrawler = asked.priority === 'browse' && crawlers.test(c.req.raw.headers.get('user-agent') ?? '')
    return isCrawler ? { ...asked, priority: 'crawl' } : asked
  }
}

/** Those that say what they are; the others are kept by their limits. */
const crawlers = /bot\b|crawl|spider|slurp|scrapy|facebookexternalhit|archiver/i
