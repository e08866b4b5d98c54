import { outbound } from '@comptoir/service-kit/outbound'
import { reveal, type Secret } from '@comptoir/service-kit/secret'
import type { Label, Shipment } from '../domain/shipment.ts'
import type { CarrierEvent } from '../domain/tracking.ts'
import {
  CarrierFault,
  CarrierLabel,
  CarrierShipment,
  carrierEvent,
  labelRequest,
  TrackingNews,
} from './carrier-protocol.ts'

export interface Carrier {
  /** Buys the label, or gets the one that was bought for this shipment before. */
  buyLabel(shipment: Shipment): Promise<Label>
  /** Everything the carrier told of a parcel so far. */
  fetchEvents(trackingNumber: string): Promise<CarrierEvent[]>
}

/** The carrier will not do it, however often it is asked. */
export class CarrierRefused extends Error {
  override readonly name = 'CarrierRefused'
  readonly code: string
  constructor(code: string) {
    super(`The carrier refuses: ${code}`)
    this.code = code
  }
}

/** Whether the carrier did it is not known. */
export class CarrierUnavailable extends Error {
  override readonly name = 'CarrierUnavailable'
}

export interface CarrierAccess {
  readonly base: string
  readonly key: Secret
  readonly timeoutMs: number
}

export const createCarrier = (access: CarrierAccess): Carrier => ({
  buyLabel: async (shipment) => {
    const body = JSON.stringify(labelRequest(shipment))
    const request = { method: 'POST', path: '/v1/labels', body }
    return parsed(CarrierLabel, await ask(access, 'labels.create', request))
  },
  fetchEvents: async (trackingNumber) => {
    const path = `/v1/shipments/${encodeURIComponent(trackingNumber)}`
    const { events } = parsed(CarrierShipment, await ask(access, 'shipments.get', { method: 'GET', path }))
    const known = events.map((event) => TrackingNews.safeParse(event))
    return known.flatMap(({ data }) => (data === undefined ? [] : [carrierEvent(data)]))
  },
})

type Asking = { method: string; path: string; body?: string }

const ask = async (access: CarrierAccess, operation: string, asking: Asking): Promise<unknown> => {
  try {
    return await outbound({ peer: 'carrier', operation, timeoutMs: access.timeoutMs }, (signal) =>
      send(access, asking, signal),
    )
  } catch (cause) {
    if (cause instanceof CarrierRefused || cause instanceof CarrierUnavailable) throw cause
    throw new CarrierUnavailable('The carrier did not answer', { cause })
  }
}

const send = async (
  { base, key }: CarrierAccess,
  { method, path, body }: Asking,
  signal: AbortSignal,
): Promise<unknown> => {
  const response = await fetch(`${base.replace(/\/$/, '')}${path}`, {
    method,
    headers: { authorization: `Bearer ${reveal(key)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
    signal,
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer
  const code = CarrierFault.safeParse(answer).data?.error.code ?? `http_${response.status}`
  if (isFinal(response.status, code)) throw new CarrierRefused(code)
  throw new CarrierUnavailable(`The carrier answered ${response.status} ${code}`)
}

// A wrong key is ours to mend and no fault of the parcel; a busy reference will be free again.
const isFinal = (status: number, code: string): boolean =>
  [400, 404, 409, 410, 422].includes(status) && code !== 'request_in_progress'

const parsed = <T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: Error } },
  answer: unknown,
): T => {
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  throw new CarrierUnavailable('The carrier’s answer could not be read', { cause: result.error })
}
