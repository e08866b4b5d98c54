import { expect, test } from 'bun:test'
import { anonymous, judge, scopesOfKind, type Access, type Actor } from './access.ts'

const actor = (kind: Actor['kind']): Actor => ({ kind, id: kind, scopes: [...scopesOfKind[kind]] })
const own: Access = { own: 'guest', all: 'orders:read' }

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
])('%j for %j (through a service: %p) is %s', (access, who, viaService, verdict) => {
  expect(judge(access, who, viaService)).toBe(verdict as ReturnType<typeof judge>)
})
