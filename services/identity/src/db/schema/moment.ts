import { timestamp } from 'drizzle-orm/pg-core'

/** A point in time, whatever the time zone of the server. */
export const moment = () => timestamp({ withTimezone: true })
