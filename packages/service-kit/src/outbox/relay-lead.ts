/** Which process publishes: the one whose connection holds the database's relay lock, for as long as it lives. */
import postgres, { type Sql } from 'postgres'
import { locks } from '../storage/advisory-locks.ts'

export const outboxChannel = 'outbox'

export interface Candidate {
  /** Tries to take the lead. True once it is ours; then `sql` is the connection that holds it. */
  lead(): Promise<boolean>
  leads(): boolean
  /** One statement at a time, on the connection that holds the lead. Throws once that is lost. */
  sql(): Sql
  close(): Promise<void>
}

interface Session {
  readonly sql: Sql
  dead: boolean
  leads: boolean
}

/** Stands for the lead of a database's relay; `notified` is called when another process has committed events. */
export const createCandidate = (url: string, service: string, notified: () => void): Candidate => {
  let session: Session | undefined

  const fresh = async (): Promise<Session> => {
    if (session !== undefined && !session.dead) return session
    await session?.sql.end({ timeout: 0 })
    session = open(url, service, notified)
    return session
  }

  return {
    lead: async () => {
      const mine = await fresh()
      if (mine.leads) return true
      const [row] = await mine.sql`select pg_try_advisory_lock(${locks.space}, ${locks.relay}) as taken`
      if (row?.['taken'] !== true || mine.dead) return false
      await mine.sql`listen ${mine.sql(outboxChannel)}`
      mine.leads = !mine.dead
      return mine.leads
    },
    leads: () => session?.leads === true,
    sql: () => {
      if (session?.leads !== true) throw new Error('The lead of the relay was lost')
      return session.sql
    },
    close: async () => {
      await session?.sql.end({ timeout: 1 })
    },
  }
}

const open = (url: string, service: string, notified: () => void): Session => {
  const options = {
    max: 1,
    // A connection that is replaced in silence would go on without the lock.
    max_lifetime: null,
    connect_timeout: 2,
    fetch_types: false,
    onnotice: () => undefined,
    // Known to the driver, though missing in its types: it delivers what this very connection listens to.
    onnotify: notified,
    onclose: () => {
      session.dead = true
      session.leads = false
    },
    connection: {
      application_name: `comptoir-${service}-relay`,
      statement_timeout: 5_000,
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 3,
    },
  }
  const session: Session = { sql: postgres(url, options), dead: false, leads: false }
  return session
}
