import type { Queryable } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import type { SQL } from 'drizzle-orm'

/** Runs SQL that differs from call to call. */
export const run = <Row>(on: Queryable, text: SQL): Promise<Row[]> => statement<Row>(text)(on, {})

/** A list of ids as PostgreSQL writes an array: one parameter whatever its length, so that one plan serves all. */
export const uuidArray = (ids: readonly string[]): string => `{${ids.join(',')}}`
