import type { Actor } from '@comptoir/contracts/access'
import { adminActor } from '@comptoir/service-kit/testing/actors'
import type { Sql } from 'postgres'

/** An administrator with an account and a session, which lasts however far a test moves the clock. */
export const signedInAdmin = async (sql: Sql, now: Date): Promise<Actor & { readonly session: string }> => {
  const actor = { ...adminActor(), session: crypto.randomUUID(), provedAt: now.getTime() / 1_000 }
  await sql`
    insert into users (id, email, email_verified_at, name, locale, role, version, created_at, updated_at)
    values (${actor.id}, ${`admin.${actor.id}@example.org`}, ${now}, 'Administrator', 'en', 'admin', 1, ${now}, ${now})`
  await sql`
    insert into sessions (id, subject_kind, subject_id, created_at, proved_at, second_factor, expires_at)
    values (${actor.session}, 'user', ${actor.id}, ${now}, ${now}, true, ${now}::timestamptz + interval '10 years')`
  return actor
}
