import { anonymous, type Actor, scopesOfKind } from '@comptoir/contracts/access'
import type { LetterPurpose, Session } from '@comptoir/contracts/identity/model'
import { serviceActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
export const password = 'correct horse battery'

/** The service with a clock that stands still, and people who open accounts in it. */
export const openStage = async () => {
  const clock = frozenClock('2026-11-20T10:00:00.000Z')
  const service = await startTestService(app(config), { clock })
  const register = async (email = `ada.${crypto.randomUUID()}@example.org`) => {
    const session = await service.as(anonymous).register({ email, password, name: 'Ada' })
    return { email, session, actor: actorOf(session), me: service.as(actorOf(session)) }
  }
  /** What the writer of a letter is told: of the newest one to that account, or of a given one. */
  const tokenFor = async (table: string, userId: string): Promise<string | null> => {
    const [letter] = await service.sql<{ id: string }[]>`
      select aggregate_id as id from outbox
      where aggregate = 'letter' and subject like ${`%.${table}_requested.v1`} and payload->>'userId' = ${userId}
      order by position desc limit 1`
    if (letter === undefined) throw new Error('No letter was asked for')
    return tokenOf(letter.id, purposes[table] ?? 'email-verification')
  }
  const tokenOf = async (letterId: string, purpose: LetterPurpose): Promise<string | null> => {
    const { token } = await service.as(serviceActor('notifications')).issueLetterToken({ letterId, purpose })
    return token
  }
  const login = (email: string, given = password) => service.as(anonymous).login({ email, password: given })
  const refresh = ({ refreshToken }: Session) => service.as(anonymous).refresh({ refreshToken })
  /** Asks for a letter for a new password and waits until that is answered. */
  const forget = async (email: string): Promise<void> => {
    await service.as(anonymous).requestPasswordReset({ email })
    for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10)) {
      const waiting = await service.sql`select 1 from password_reset_requests`
      if (waiting.length === 0) return
    }
    throw new Error('The request was not answered in 10 s')
  }
  const asHolderOf = (session: Session) => service.as(actorOf(session))
  return { clock, service, register, tokenFor, tokenOf, login, refresh, forget, asHolderOf }
}
export type Stage = Awaited<ReturnType<typeof openStage>>

const purposes: Readonly<Record<string, LetterPurpose>> = {
  email_verification: 'email-verification',
  password_reset: 'password-reset',
  email_change: 'email-change',
}

/** Whom the edge would take the holder of a session’s access token for. */
const actorOf = ({ kind, subject, accessToken }: Session): Actor => {
  const { sid, auth_time: provedAt } = decodeJwt<{ sid: string; auth_time: number }>(accessToken)
  return { kind, id: subject, scopes: [...scopesOfKind[kind]], session: sid, provedAt }
}
