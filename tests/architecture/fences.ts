// The fences of the house: who may import what. Each finds the faults among given sources.
import { findCycles } from './cycles.ts'
import type { Import, Source } from './sources.ts'

export interface Fence {
  readonly name: string
  /** A file that the fence must refuse, so that it is known to bite. */
  readonly planted: readonly (readonly [path: string, text: string])[]
  faults(sources: readonly Source[]): string[]
}

const inServices = /^services\/([a-z]+)\//
const isTest = (path: string): boolean => /\.test\.ts$|(^|\/)tests\//.test(path)
const isTesting = (path: string): boolean =>
  isTest(path) || path.startsWith('packages/service-kit/src/testing/')

/** A fence that looks at one import at a time. */
const importFence = (
  name: string,
  planted: Fence['planted'],
  refuses: (source: Source, found: Import) => boolean,
): Fence => ({
  name,
  planted,
  faults: (sources) =>
    sources.flatMap((source) =>
      source.imports
        .filter((found) => refuses(source, found))
        .map((found) => `${source.path} imports ${found.specifier}`),
    ),
})

/** The folder of the workspace that a file belongs to. */
const packageOf = (path: string): string => /^((packages|services)\/)?[^/]+/.exec(path)?.[0] ?? path

/** A fence that looks at one file's path or text. */
const fileFence = (name: string, planted: Fence['planted'], refuses: (source: Source) => boolean): Fence => ({
  name,
  planted,
  faults: (sources) => sources.filter(refuses).map(({ path }) => path),
})

const business =
  /^@comptoir\/contracts\/(identity|catalog|carts|orders|payments|delivery|notifications|app)(\/|$)/
const impure =
  /^(drizzle-orm|hono|@trpc\/|@nats-io\/|@opentelemetry\/|postgres$|stripe$|resend$|node:|bun$|@comptoir\/service-kit)/
const edgeMay =
  /^(@comptoir\/(contracts|service-kit)\/|hono(\/|$)|jose$|zod$|@opentelemetry\/api$|graphql$|graphql-yoga$|@graphql-yoga\/render-graphiql$|@pothos\/core$|dataloader$|eventsource-parser\/stream$|bun$|node:|\.)/
const ambient = /\b(process|Bun|import\.meta)\.env\b|\benv\b[^=]*\} = (process|Bun)\b|'(node:)?process'/
const mayReadEnvironment =
  /^(services\/[a-z]+\/src\/(main|[a-z]+-cli)\.ts|gateway\/src\/main\.ts|sandbox\/src\/main\.ts|packages\/service-kit\/src\/crash-points\.ts|packages\/service-kit\/src\/inbox\/dead-letters-cli\.ts|packages\/service-kit\/src\/testing\/|nats\/main\.ts|dev\/|bench\/)/
const vague = /(^|\/)(utils?|helpers?|common|shared|misc|base|manager|impl|index)\.ts$/

export const fences: readonly Fence[] = [
  importFence(
    'contracts are leaves: zod, and types of @trpc/server',
    [
      ['packages/contracts/src/a.ts', "import { trace } from '@opentelemetry/api'"],
      ['packages/contracts/src/b.ts', "import { initTRPC } from '@trpc/server'"],
      ['packages/contracts/src/c.ts', "import { run } from '@comptoir/service-kit/run'"],
    ],
    ({ path }, { specifier, typeOnly }) =>
      path.startsWith('packages/contracts/src/') &&
      !isTest(path) &&
      !specifier.startsWith('.') &&
      specifier !== 'zod' &&
      !(specifier === '@trpc/server' && typeOnly),
  ),
  importFence(
    'the kit knows no business word',
    [
      ['packages/service-kit/src/a.ts', "import { orders } from '@comptoir/contracts/orders/procedures'"],
      ['packages/service-kit/src/b.ts', "import { app } from '../../../services/orders/src/app.ts'"],
      ['packages/service-kit/src/c.ts', "import { Hono } from 'hono'"],
    ],
    ({ path }, { specifier, file }) =>
      path.startsWith('packages/service-kit/src/') &&
      (business.test(specifier) ||
        specifier.startsWith('hono') ||
        (specifier.startsWith('@comptoir/nats') && !isTesting(path)) ||
        /^(services|gateway|dev|sandbox)\//.test(file ?? '')),
  ),
  importFence(
    'a relative import stays in its package',
    [
      ['packages/contracts/src/a.ts', "import { run } from '../../service-kit/src/run.ts'"],
      ['packages/service-kit/src/a.ts', "import { Order } from '../../contracts/src/orders/model.ts'"],
      [
        'services/orders/src/a.ts',
        "import { claim } from '../../../packages/service-kit/src/serving/idempotency.ts'",
      ],
      ['gateway/src/a.ts', "import { startPostgres } from '../../dev/src/servers/postgres.ts'"],
    ],
    ({ path }, { specifier, file }) =>
      /^(packages|services|gateway|nats|sandbox)\//.test(path) &&
      !isTest(path) &&
      specifier.startsWith('.') &&
      packageOf(file ?? path) !== packageOf(path),
  ),
  importFence(
    'what the kit keeps in folders is its own',
    [
      [
        'services/orders/src/a.ts',
        "import { createTransact } from '@comptoir/service-kit/storage/transaction'",
      ],
      ['gateway/src/a.ts', "import { startTestNats } from '@comptoir/service-kit/testing/nats'"],
    ],
    ({ path }, { specifier }) =>
      /^(services|gateway|sandbox)\//.test(path) &&
      !isTest(path) &&
      /^@comptoir\/service-kit\/.*\//.test(specifier),
  ),
  importFence(
    'services are islands',
    [
      ['services/orders/src/a.ts', "import { app } from '../../carts/src/app.ts'"],
      ['services/orders/src/b.ts', "import { app } from '../../../gateway/src/app.ts'"],
      ['services/orders/src/c.ts', "import x from '@comptoir/carts/app'"],
    ],
    ({ path }, { specifier, file }) => {
      const own = inServices.exec(path)?.[1]
      if (own === undefined) return false
      const other = inServices.exec(file ?? '')?.[1]
      const foreign = other !== undefined && other !== own
      const ours =
        /^@comptoir\/(contracts|service-kit)\//.test(specifier) || !specifier.startsWith('@comptoir/')
      return foreign || !ours || /^(gateway|dev|nats)\//.test(file ?? '')
    },
  ),
  importFence(
    'the gateway knows contracts only',
    [
      ['gateway/src/a.ts', "import type { Order } from '../../services/orders/src/domain/order.ts'"],
      ['gateway/src/b.ts', "import { drizzle } from 'drizzle-orm/postgres-js'"],
    ],
    ({ path }, { specifier, file }) =>
      path.startsWith('gateway/src/') &&
      !isTest(path) &&
      (!edgeMay.test(specifier) || file?.startsWith('services/') === true),
  ),
  importFence(
    'the domain is pure',
    [
      ['services/orders/src/domain/a.ts', "import { eq } from 'drizzle-orm'"],
      ['services/orders/src/domain/b.ts', "import { placeOrder } from '../procedures/place-order.ts'"],
      ['services/orders/src/domain/c.ts', "import type { Clock } from '@comptoir/service-kit/clock'"],
    ],
    ({ path }, { specifier, file }) =>
      /\/src\/domain\//.test(path) &&
      !isTest(path) &&
      (impure.test(specifier) || (specifier.startsWith('.') && !/\/src\/domain\//.test(file ?? ''))),
  ),
  importFence(
    'tables and queries know no procedure',
    [['services/orders/src/db/a.ts', "import { placeOrder } from '../procedures/place-order.ts'"]],
    ({ path }, { file }) =>
      /\/src\/db\//.test(path) && /\/src\/(procedures|consumers|workers|app)/.test(file ?? ''),
  ),
  importFence(
    'procedures and consumers do not call each other',
    [
      ['services/orders/src/procedures/a.ts', "import { b } from './b.ts'"],
      ['services/orders/src/consumers/a.ts', "import { b } from '../procedures/b.ts'"],
    ],
    ({ path }, { file }) =>
      /^services\/[a-z]+\/src\/(procedures|consumers)\//.test(path) &&
      !isTest(path) &&
      /^services\/[a-z]+\/src\/(procedures|consumers)\//.test(file ?? ''),
  ),
  {
    name: 'there are no import cycles',
    planted: [
      ['services/orders/src/domain/a.ts', "import './b.ts'"],
      ['services/orders/src/domain/b.ts', "import './c.ts'"],
      ['services/orders/src/domain/c.ts', "import './a.ts'"],
    ],
    faults: findCycles,
  },
  fileFence(
    'the environment is read where a process starts',
    [
      ['services/orders/src/config.ts', 'export const port = process.env.PORT'],
      ['services/orders/src/a.ts', 'const { env } = process'],
      ['services/orders/src/b.ts', "import { env } from 'node:process'"],
    ],
    ({ path, text }) => ambient.test(text) && !mayReadEnvironment.test(path) && !isTest(path),
  ),
  fileFence(
    'whose a row is decides the query that reads it',
    [['services/orders/src/a.ts', 'export const own = row?.ownerId === actor.id']],
    ({ path, text }) =>
      /^services\/[a-z]+\/src\//.test(path) && !isTest(path) && /\.ownerId\s*[!=]==/.test(text),
  ),
  fileFence(
    'a file beside the source is found in a folder with a space in its name too',
    [['dev/src/a.ts', "const sql = new URL('a.sql', import.meta.url).pathname"]],
    ({ path, text }) =>
      !path.startsWith('tests/architecture/') && /import\.meta\.url\)\s*\.pathname/.test(text),
  ),
  fileFence('no file has a name that says nothing', [['services/orders/src/utils.ts', '']], ({ path }) =>
    vague.test(path),
  ),
  fileFence(
    'src/main.ts is at most 25 lines, src/app.ts at most 60',
    [['services/orders/src/app.ts', '\n'.repeat(70)]],
    ({ path, text }) =>
      (/^services\/[a-z]+\/src\/main\.ts$/.test(path) && lines(text) > 25) ||
      (/^services\/[a-z]+\/src\/app\.ts$/.test(path) && lines(text) > 60),
  ),
]

const lines = (text: string): number => text.split('\n').length - 1
