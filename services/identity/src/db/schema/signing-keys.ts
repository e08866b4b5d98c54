import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { PublicKey } from '../../domain/public-key.ts'
import { moment } from './moment.ts'

/**
 * The newest whose `signsFrom` has come signs; each verifies, and is published, until `verifiesUntil`. `privateKey` is a
 * JWK, sealed where a secret is configured.
 */
export const signingKeys = pgTable('signing_keys', {
  kid: text().primaryKey(),
  publicKey: jsonb().$type<PublicKey>().notNull(),
  privateKey: text().notNull(),
  createdAt: moment().notNull(),
  signsFrom: moment().notNull().defaultNow(),
  verifiesUntil: moment(),
})
