import { serviceNames } from '@comptoir/dev/process-list'
import postgres from 'postgres'

const limitMs = 60_000
const glanceMs = 200

/** Waits until every event that the services have written is published: loading the catalogue makes thousands of them. */
export const awaitPublished = async (databaseUrl: string): Promise<void> => {
  for (const service of serviceNames) {
    const url = new URL(`/comptoir_${service}`, databaseUrl).href
    const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
    try {
      const until = performance.now() + limitMs
      while (performance.now() < until) {
        const [row] = await sql`select exists (select from outbox where published_at is null) as waits`
        if (row?.['waits'] !== true) break
        await Bun.sleep(glanceMs)
      }
    } finally {
      await sql.end()
    }
  }
}
