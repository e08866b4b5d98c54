import { Hono, type Context } from 'hono'
import { labelPage } from '../pages/label-page.ts'
import { perform, toResponse, type Answer, type House } from '../perform.ts'
import { bearer, sameSecret } from '../secret.ts'
import { buyLabel, parseLabelRequest, shownLabel } from './buy-label.ts'
import { CarrierError, carrierAnswer, carrierFailure } from './carrier-error.ts'
import { eventsOf, labelBy, voidLabel, type LabelRow } from './label-table.ts'
import type { Depot } from './move-parcel.ts'

type CarrierOptions = { depot: Depot; house: House; apiKey: string; origin: () => string }

const notFound = (): CarrierError => new CarrierError(404, 'not_found', 'There is no such thing here.')

const load = (depot: Depot, column: 'reference' | 'tracking_number', value: string): LabelRow => {
  const label = labelBy(depot.ledger, column, value)
  if (label === undefined) throw notFound()
  return label
}

const shipment = ({ ledger }: Depot, label: LabelRow): Record<string, unknown> => ({
  trackingNumber: label.tracking_number,
  reference: label.reference,
  service: label.service,
  status: label.parcel_status,
  voided: label.status === 'voided',
  events: eventsOf(ledger, label.tracking_number),
})

const readJson = async (c: Context): Promise<unknown> => {
  try {
    return await c.req.json()
  } catch {
    throw new CarrierError(400, 'invalid_request', 'The body is not valid JSON.')
  }
}

const voided = ({ depot, origin }: CarrierOptions, reference: string): Answer => {
  const label = load(depot, 'reference', reference)
  if (label.status === 'active' && label.parcel_status !== 'label_created')
    throw new CarrierError(409, 'already_collected', 'The parcel was collected; its label cannot be voided.')
  voidLabel(depot.ledger, reference)
  return { status: 200, body: shownLabel({ ...label, status: 'voided' }, origin()) }
}

const buy = async (c: Context, options: CarrierOptions, inFlight: Set<string>): Promise<Response> => {
  const { depot, origin, house } = options
  const request = parseLabelRequest(await readJson(c))
  const key = c.req.header('idempotency-key') ?? null
  if (inFlight.has(request.reference))
    throw new CarrierError(409, 'request_in_progress', 'A request with this reference is still running.')
  inFlight.add(request.reference)
  try {
    return await perform(house, {
      provider: 'carrier',
      operation: 'labels.create',
      ledger: depot.ledger,
      effect: () => buyLabel(depot, { request, key, origin: origin() }),
      failure: carrierFailure,
    })
  } finally {
    inFlight.delete(request.reference)
  }
}

export const carrierRoutes = (options: CarrierOptions): Hono => {
  const { depot, house, origin, apiKey } = options
  const app = new Hono()
  const inFlight = new Set<string>()
  const answer = (operation: string, effect: () => Answer): Promise<Response> =>
    perform(house, { provider: 'carrier', operation, ledger: depot.ledger, effect, failure: carrierFailure })
  app.onError((error) => {
    if (error instanceof CarrierError) return toResponse(carrierAnswer(error))
    throw error
  })
  app.use('/v1/*', async (c, next) => {
    if (!sameSecret(bearer(c.req.header('authorization')) ?? '', apiKey))
      throw new CarrierError(401, 'unauthorized', 'The API key is missing or wrong.')
    await next()
  })
  app.post('/v1/labels', (c) => buy(c, options, inFlight))
  app.get('/v1/labels/:reference', (c) =>
    answer('labels.get', () => ({
      status: 200,
      body: shownLabel(load(depot, 'reference', c.req.param('reference')), origin()),
    })),
  )
  app.delete('/v1/labels/:reference', (c) =>
    answer('labels.void', () => voided(options, c.req.param('reference'))),
  )
  app.get('/v1/shipments/:trackingNumber', (c) =>
    answer('shipments.get', () => ({
      status: 200,
      body: shipment(depot, load(depot, 'tracking_number', c.req.param('trackingNumber'))),
    })),
  )
  app.get('/labels/:trackingNumber', (c) =>
    labelPage(c, load(depot, 'tracking_number', c.req.param('trackingNumber'))),
  )
  app.all('/*', () => {
    throw notFound()
  })
  return app
}
