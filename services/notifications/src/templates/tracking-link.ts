import type { ParcelFacts } from '../domain/payload.ts'

/** The carrier's page for a parcel, if what the carrier gave is an address of the web and nothing else. */
export const trackingLink = ({ trackingUrl }: ParcelFacts): string | undefined =>
  trackingUrl !== null && /^https?:\/\//i.test(trackingUrl) ? trackingUrl : undefined
