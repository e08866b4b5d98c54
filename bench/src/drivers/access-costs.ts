// A process of its own: what the edge's own code takes to find out who asks, and whether they may.
import { type AccessRule, type Actor, judge } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import { KeySet } from '@comptoir/contracts/identity/model'
import { createAuthenticate } from '../../../gateway/src/credentials/authenticate.ts'
import { accessKey } from '../hop-token.ts'
import type { AccessCosts, AccessTask } from './access-task.ts'
import { readTask, tell } from './task.ts'

const { fresh, known, judged } = await readTask<AccessTask>()
const { sign, keys } = await accessKey()
const authenticate = createAuthenticate({
  issuer: 'comptoir',
  loadKeys: async () => KeySet.parse(keys),
  revocations: { loaded: async () => undefined, revokes: () => false },
  resolveApiKey: async () => null,
})

const microsecondsEach = async (count: number, work: (index: number) => unknown): Promise<number> => {
  const begunAt = performance.now()
  for (let index = 0; index < count; index += 1) await work(index)
  return ((performance.now() - begunAt) * 1_000) / count
}

const headers = await Promise.all(Array.from({ length: fresh }, async () => `Bearer ${await sign()}`))
const [first = ''] = headers.splice(0, 1)
await authenticate(first)
const uncached = await microsecondsEach(headers.length, (index) => authenticate(headers[index]))
const cached = await microsecondsEach(known, () => authenticate(first))

const rules: readonly AccessRule[] = Object.values(services).flatMap((procedures) =>
  Object.values(procedures),
)
const actor: Actor = { kind: 'staff', id: crypto.randomUUID(), scopes: ['orders:read', 'stock:write'] }
const circumstances = { viaService: false, now: new Date() }
const open: AccessRule = { access: 'public' }
const authorised = await microsecondsEach(judged, (index) =>
  judge(rules[index % rules.length] ?? open, actor, circumstances),
)
tell({ uncached, cached, authorised } satisfies AccessCosts)
