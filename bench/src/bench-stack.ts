import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { serviceNames } from '@comptoir/dev/process-list'
import { loadSampleCatalogue } from '@comptoir/dev/sample-catalogue'
import { freePort } from '@comptoir/dev/servers/ports'
import { type Stack, startStack } from '@comptoir/dev/stack'
import { awaitPublished } from './measure/quiet.ts'
import type { BenchOptions } from './options.ts'
import { type Goods, seedGoods } from './seed-goods.ts'

export interface BenchStack extends Stack {
  readonly goods: Goods
  /** Where each service answers by itself, for its metrics. */
  readonly serviceUrls: ReadonlyMap<string, string>
}

/** The whole shop in a folder of its own, as `bun run build` makes it: durable, with the sample catalogue and its logs written. */
export const startBenchStack = async (
  { logLevel, profile }: BenchOptions,
  onProgress: (message: string) => void,
): Promise<BenchStack> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-bench-'))
  const forget = () => rmSync(folder, { recursive: true, force: true })
  try {
    const ports = await Promise.all(serviceNames.map(async (name) => [name, await freePort()] as const))
    const stack = await startStack({
      dataDir: folder,
      durable: true,
      built: true,
      postgresSettings: { shared_preload_libraries: 'pg_stat_statements' },
      env: {
        ...Object.fromEntries(ports.map(([name, port]) => [name, { PORT: String(port) }])),
        all: { LOG_LEVEL: logLevel, ...profiling(profile) },
      },
      onProgress,
    })
    const serviceUrls = new Map(ports.map(([name, port]) => [name, `http://127.0.0.1:${port}`]))
    const stop = () => stack.stop().finally(forget)
    try {
      await loadSampleCatalogue(stack, folder, onProgress)
      const goods = await seedGoods(stack)
      await awaitPublished(stack.databaseUrl)
      return { ...stack, stop, serviceUrls, goods }
    } catch (error) {
      await stack.stop()
      throw error
    }
  } catch (error) {
    forget()
    throw error
  }
}

const profiling = (folder: string | undefined): Record<string, string> =>
  folder === undefined ? {} : { BUN_OPTIONS: `--cpu-prof --cpu-prof-md --cpu-prof-dir=${resolve(folder)}` }
