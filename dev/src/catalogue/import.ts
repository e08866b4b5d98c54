// Imports products from a file into a running shop:
//   bun run import [file.ndjson|file.csv|….gz] [--gateway URL] [--email ADDRESS] [--password WORD]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TRPCClientError } from '@trpc/client'
import { importCatalogue, type Progress, type Summary } from './import-catalogue.ts'

export { importCatalogue } from './import-catalogue.ts'

const usage = `Usage: bun run import [file] [--gateway URL] [--email ADDRESS] [--password WORD]
  file        .ndjson or .csv, plain or .gz; the sample catalogue unless told.
              CSV has a header row: sku,name,description,category,price,currency,on_hand
  --gateway   GATEWAY_URL, or http://localhost:8080
  --email     ADMIN_EMAIL        an account that may write the catalogue
  --password  ADMIN_PASSWORD`

const options = {
  gateway: { type: 'string' },
  email: { type: 'string' },
  password: { type: 'string' },
} as const

/** Runs the command. 0: every row went in; 1: some were rejected, or it failed; 2: it was called wrongly. */
const main = async (args: string[], env: Readonly<Record<string, string | undefined>>): Promise<number> => {
  const given = understand(args)
  const email = given?.values.email ?? env['ADMIN_EMAIL']
  const password = given?.values.password ?? env['ADMIN_PASSWORD']
  if (given === undefined || email === undefined || password === undefined) {
    console.error(usage)
    return 2
  }
  const path = given.positionals[0] ?? join(import.meta.dir, 'online-retail.ndjson.gz')
  const gatewayUrl = given.values.gateway ?? env['GATEWAY_URL'] ?? 'http://localhost:8080'
  try {
    const summary = await importCatalogue({ gatewayUrl, email, password, path, onProgress: tell })
    console.log(sentence(summary))
    return summary.rejectedRows === 0 ? 0 : 1
  } catch (error) {
    console.error(
      `The import stopped: ${reasonOf(error, gatewayUrl)}\nRows that went in stay; run it again to go on.`,
    )
    return 1
  }
}

const understand = (args: string[]) => {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true })
    return parsed.positionals.length <= 1 ? parsed : undefined
  } catch {
    return undefined
  }
}

const tell = ({ rejected, ...summary }: Progress): void => {
  for (const { line, sku, pointer, message } of rejected) {
    console.error(
      `line ${line}${sku === null ? '' : `, sku ${sku}`}: ${pointer === '' ? '' : `${pointer}: `}${message}`,
    )
  }
  console.log(`${summary.rows} rows read, ${summary.created + summary.updated + summary.unchanged} in`)
}

const sentence = ({ rows, created, updated, unchanged, rejectedRows }: Omit<Summary, 'rejected'>): string =>
  `${rows} rows: ${created} created, ${updated} updated, ${unchanged} unchanged, ${rejectedRows} rejected`

const reasonOf = (error: unknown, gatewayUrl: string): string => {
  if (error instanceof TRPCClientError && error.data === undefined) return `${gatewayUrl} does not answer.`
  return error instanceof Error ? error.message : String(error)
}

if (import.meta.main) process.exit(await main(process.argv.slice(2), process.env))
