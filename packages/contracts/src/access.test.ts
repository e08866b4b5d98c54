import { expect, test } from 'bun:test'
import {
  anonymous,
  delegableScopes,
  judge,
  machineScopes,
  scopesOfKind,
  type Access,
  type Actor,
} from './access.ts'

const actor = (kind: Actor['kind']): Actor => ({ kind, id: kind, scopes: [...scopesOfKind[kind]] })
const own: Access = { own: 'guest', all: 'orders:read' }

const circumstances = (viaService: boolean) => ({ viaService, now: new Date(1_000_000_000) })

test.each<[Access, Actor, boolean, string]>([
  ['public', anonymous, false, 'allowed'],
  ['guest', anonymous, false, 'unknown'],
  ['guest', actor('guest'), false, 'allowed'],
  ['customer', actor('guest'), false, 'refused'],
  ['customer', actor('customer'), false, 'allowed'],
  ['customer', actor('staff'), false, 'allowed'],
  ['orders:write', anonymous, false, 'unknown'],
  ['orders:write', actor('customer'), false, 'refused'],
  ['orders:write', actor('staff'), false, 'allowed'],
  ['users:write', actor('staff'), false, 'refused'],
  ['users:write', actor('admin'), false, 'allowed'],
  ['internal', actor('admin'), false, 'hidden'],
  ['internal', anonymous, false, 'hidden'],
  ['internal', actor('guest'), true, 'allowed'],
  ['internal', actor('service'), false, 'allowed'],
  [own, anonymous, false, 'unknown'],
  [own, actor('guest'), false, 'allowed'],
  [own, actor('staff'), false, 'allowed'],
  ['guest', actor('client'), false, 'refused'],
  ['customer', actor('client'), false, 'refused'],
  ['orders:read', { ...actor('client'), scopes: ['orders:read'] }, false, 'allowed'],
  [own, { ...actor('client'), scopes: ['orders:read'] }, false, 'allowed'],
  [own, actor('client'), false, 'refused'],
  ['customer', { ...actor('customer'), via: 'app' }, false, 'refused'],
  ['customer', { ...actor('customer'), via: 'app', scopes: ['account'] }, false, 'allowed'],
  ['guest', { ...actor('customer'), via: 'app', scopes: ['account'] }, false, 'allowed'],
  [own, { ...actor('staff'), via: 'app', scopes: [] }, false, 'refused'],
])('%j for %j (through a service: %p) is %s', (access, who, viaService, verdict) => {
  expect(judge({ access }, who, circumstances(viaService))).toBe(verdict as ReturnType<typeof judge>)
})

test.each<[string, Partial<Actor>, string]>([
  ['proved ten minutes ago', { kind: 'customer', provedAt: 999_400 }, 'allowed'],
  ['proved longer ago', { kind: 'customer', provedAt: 999_399 }, 'stale'],
  ['never proved', { kind: 'customer' }, 'stale'],
  ['a third party for somebody', { kind: 'customer', provedAt: 1_000_000, via: 'app' }, 'refused'],
  ['a machine with the right', { kind: 'client', scopes: ['orders:write'] }, 'allowed'],
])('what wants a fresh proof from %s is %s', (_who, facts, verdict) => {
  const who: Actor = { kind: 'customer', id: 'somebody', scopes: ['account', 'orders:write'], ...facts }
  expect(judge({ access: 'orders:write', fresh: true }, who, circumstances(false))).toBe(
    verdict as ReturnType<typeof judge>,
  )
})

test.each<[string, Partial<Actor>, string]>([
  ['staff who proved ten minutes ago', { kind: 'staff', provedAt: 999_400 }, 'allowed'],
  ['staff who proved longer ago', { kind: 'staff', provedAt: 999_399 }, 'stale'],
  ['staff who never proved', { kind: 'staff' }, 'stale'],
  ['a third party for staff who just proved', { kind: 'staff', provedAt: 1_000_000, via: 'app' }, 'refused'],
  ['a machine with the right', { kind: 'client' }, 'allowed'],
  ['a service', { kind: 'service', scopes: [] }, 'allowed'],
  ['a customer who never proved', { kind: 'customer', scopes: [] }, 'allowed'],
  ['a guest', { kind: 'guest', scopes: [] }, 'allowed'],
  ['a third party for a customer', { kind: 'customer', scopes: ['account'], via: 'app' }, 'allowed'],
  ['nobody', { kind: 'anonymous', scopes: [] }, 'unknown'],
])('what wants a fresh proof of whoever reaches all from %s is %s', (_who, facts, verdict) => {
  const who: Actor = { kind: 'staff', id: 'somebody', scopes: ['orders:write'], ...facts }
  const rule = { access: { own: 'guest', all: 'orders:write' }, fresh: 'all' } as const
  expect(judge(rule, who, circumstances(false))).toBe(verdict as ReturnType<typeof judge>)
})

test('a right that wants a fresh proof is a machine’s, and no third party’s to use for somebody', () => {
  expect(machineScopes).toContain('payments:refund')
  expect(delegableScopes).not.toContain('payments:refund')
})
