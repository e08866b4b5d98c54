import { freePort } from '@comptoir/dev/servers/ports'
import type { BenchStack } from '../bench-stack.ts'
import { drive, serveBeside } from '../drive.ts'
import type { Offered, OfferedKinds, Offering } from '../drivers/offering.ts'
import { sicknesses, type Sickness } from '../drivers/sickness.ts'
import { browsing, elsewhere, enterGuests } from '../edge-visitors.ts'
import { breakerOf } from '../measure/edge-metrics.ts'
import { startGatewayBeside } from '../start-gateway-beside.ts'

export interface SickRun {
  readonly sickness: Exclude<Sickness, 'none'>
  /** What needs no catalogue, while the catalogue is well (before and after) and while it is not. */
  readonly well: readonly [Offered, Offered]
  readonly sick: Offered
  /** Until the breaker opened, from the first moment of sickness; undefined where it did not. */
  readonly openedMs: number | undefined
  /** Calls that reached the service a second while it was given up; undefined where it could not count them. */
  readonly probesPerSecond: number | undefined
  /** Until the breaker closed, from the healing; undefined where it did not within half a minute. */
  readonly closedMs: number | undefined
}

const guests = 50
const perSecond = 200
const usefulMs = 2_000
const openMaxMs = 15_000
export const closedMaxMs = 30_000
const glanceMs = 20

interface Ward {
  readonly url: string
  become(sickness: Sickness): Promise<void>
  asked(): Promise<number>
  measure(): Promise<Offered>
}

/** Makes the catalogue sick in every way there is, and looks at those who do not need it. */
export const measureSick = async (stack: BenchStack, seconds: number): Promise<SickRun[]> => {
  const target = stack.serviceUrls.get('catalog') ?? ''
  const [port, controlPort] = [await freePort(), await freePort()]
  await using things = new AsyncDisposableStack()
  const service = await serveBeside('sick-service', { target, port, controlPort })
  things.defer(() => service.stop())
  const edge = await startGatewayBeside(stack, { CATALOG_URL: `http://127.0.0.1:${port}` })
  things.defer(() => edge.stop())
  const tokens = await enterGuests(edge.gatewayUrl, stack.goods, guests)
  const offering: Offering = {
    url: edge.gatewayUrl,
    kinds: [
      { name: 'elsewhere', weight: 3, requests: elsewhere(tokens) },
      { name: 'catalogue', weight: 1, requests: browsing(tokens, stack.goods) },
    ],
    load: { perSecond },
    warmUpSeconds: 1,
    seconds,
    usefulMs,
  }
  // A connection that was kept would have been given up meanwhile, or have stood still.
  const control = (init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${controlPort}`, { ...init, keepalive: false })
  const ward: Ward = {
    url: edge.gatewayUrl,
    become: async (sickness) => {
      if (sickness === 'paused') return void process.kill(service.pid, 'SIGSTOP')
      process.kill(service.pid, 'SIGCONT')
      await control({ method: 'POST', body: sickness })
    },
    asked: async () => Number(await (await control()).text()),
    measure: async () => {
      const { elsewhere: others } = await drive<OfferedKinds>('offer', offering, seconds + 25)
      if (others === undefined) throw new Error('The driver has told nothing')
      return others
    },
  }
  // The first looks are a cold gateway's.
  await ward.measure()
  const runs: SickRun[] = []
  let before = await ward.measure()
  for (const sickness of sicknesses) {
    const run = await suffer(ward, sickness, before)
    runs.push(run)
    before = run.well[1]
  }
  return runs
}

const suffer = async (ward: Ward, sickness: SickRun['sickness'], before: Offered): Promise<SickRun> => {
  await ward.become(sickness)
  const sickAt = performance.now()
  const [sick, opened] = await Promise.all([ward.measure(), watch(ward, sickness)])
  const sickMs = performance.now() - sickAt
  const probes = opened.asked === undefined ? undefined : (await ward.asked()) - opened.asked
  await ward.become('none')
  const [after, closedMs] = await Promise.all([ward.measure(), msUntil(ward.url, 0, closedMaxMs)])
  const givenUpMs = sickMs - (opened.ms ?? sickMs)
  return {
    sickness,
    well: [before, after],
    sick,
    openedMs: opened.ms,
    probesPerSecond: probes === undefined ? undefined : (probes * 1_000) / givenUpMs,
    closedMs,
  }
}

/** When the breaker opens, and how often the service had been asked by then; who is down or stopped cannot say. */
const watch = async (
  { url, asked }: Ward,
  sickness: Sickness,
): Promise<{ ms: number | undefined; asked: number | undefined }> => {
  const ms = await msUntil(url, 2, openMaxMs)
  const countable = ms !== undefined && (sickness === 'slow' || sickness === 'garbage')
  return { ms, asked: countable ? await asked() : undefined }
}

const msUntil = async (url: string, state: number, withinMs: number): Promise<number | undefined> => {
  const startedAt = performance.now()
  for (let ms = 0; ms < withinMs; ms = performance.now() - startedAt) {
    if ((await breakerOf(url, 'catalog')) === state) return ms
    await Bun.sleep(glanceMs)
  }
  return undefined
}
