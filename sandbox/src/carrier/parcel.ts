export const parcelStatuses = [
  'label_created',
  'collected',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'failed',
  'returned',
] as const
export type ParcelStatus = (typeof parcelStatuses)[number]

const usualWay: ParcelStatus[] = ['label_created', 'collected', 'in_transit', 'out_for_delivery', 'delivered']

const descriptions = {
  label_created: 'The label was bought; the parcel is expected.',
  collected: 'The parcel was collected.',
  in_transit: 'The parcel is on its way.',
  out_for_delivery: 'The parcel is in the delivery van.',
  delivered: 'The parcel was delivered.',
  failed: 'The delivery was tried and failed.',
  returned: 'The parcel went back to the sender.',
} as const satisfies Record<ParcelStatus, string>

export const describe = (status: ParcelStatus): string => descriptions[status]

const hasEnded = (status: ParcelStatus): boolean => status === 'delivered' || status === 'returned'

export const nextStep = (status: ParcelStatus): ParcelStatus | undefined =>
  status === 'failed' ? 'out_for_delivery' : usualWay[usualWay.indexOf(status) + 1]

// The steps a parcel passes from one status to another; none where it cannot get there.
export const stepsTo = (from: ParcelStatus, to: ParcelStatus): ParcelStatus[] => {
  if (hasEnded(from)) return []
  const steps: ParcelStatus[] = []
  let at: ParcelStatus = from
  while (at !== to) {
    const next: ParcelStatus | undefined = turnsOff(at, to) ? to : nextStep(at)
    if (next === undefined || steps.length > usualWay.length) return []
    steps.push(next)
    at = next
  }
  return steps
}

// A delivery fails at the door; a parcel goes back once it was at a door, or failed.
const turnsOff = (at: ParcelStatus, to: ParcelStatus): boolean =>
  (to === 'failed' && at === 'out_for_delivery') ||
  (to === 'returned' && (at === 'out_for_delivery' || at === 'failed'))
