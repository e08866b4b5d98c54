/** The operator's hand on the keys that access tokens are signed with. */
import { parseArgs } from 'node:util'
import { readConfig } from '@comptoir/service-kit/config'
import { onDatabaseOf } from '@comptoir/service-kit/operator-database'
import { resolveSecrets } from '@comptoir/service-kit/resolve-secrets'
import { reveal, secretString } from '@comptoir/service-kit/secret'
import { z } from 'zod'
import { listSigningKeys, signingKeyAt } from './db/signing-keys.ts'
import { rotateKey } from './rotate-key.ts'
import { sealing } from './security/sealing.ts'

const usage = `Usage (DATABASE_URL names the server, KEY_ENCRYPTION_SECRET seals the keys as it does for identity):
  bun run keys list
  bun run keys rotate [--now]

The next key is published for ten minutes before it signs, and the one before it is believed until the last token that
it signed has expired. With --now the next key signs at once, as when the current one may be in wrong hands.`

const Settings = z.object({ KEY_ENCRYPTION_SECRET: secretString(32).optional() })

const list = (): Promise<void> =>
  onDatabaseOf('identity', process.env, async ({ db }) => {
    const now = new Date()
    const signing = await signingKeyAt(db, now)
    for (const { kid, signsFrom, verifiesUntil } of await listSigningKeys(db)) {
      const state = kid === signing?.kid ? 'signs   ' : signsFrom > now ? 'waits   ' : 'verifies'
      const until = verifiesUntil === null ? '' : `  until ${verifiesUntil.toISOString()}`
      console.log(`${kid}  ${state}  from ${signsFrom.toISOString()}${until}`)
    }
  })

const rotate = async (atOnce: boolean): Promise<void> => {
  const given = readConfig(Settings, await resolveSecrets(['KEY_ENCRYPTION_SECRET'], process.env))
  const secret = given.KEY_ENCRYPTION_SECRET
  const seal = secret === undefined ? undefined : sealing(reveal(secret))
  const { kid, signsFrom } = await onDatabaseOf('identity', process.env, ({ transaction }) =>
    transaction((tx) => rotateKey(tx, { sealing: seal, now: new Date(), atOnce })),
  )
  console.log(`${kid}  signs from ${signsFrom.toISOString()}`)
}

const main = async (argv: string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { now: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const command = positionals.join(' ')
  if (command === 'list') await list()
  else if (command === 'rotate') await rotate(values.now)
  else {
    console.error(usage)
    return 2
  }
  return 0
}

process.exitCode = await main(process.argv.slice(2))
