/** Identifiers that sort by the time they were made: UUIDv7 (RFC 9562). */
import { v7 } from 'uuid'

export interface Ids {
  /** A fresh id, in the brand the caller asks for. */
  next<T extends string = string>(): T
}

/** Ids of this process; each is greater than the one before. */
export const systemIds: Ids = {
  // A brand exists in types only.
  next: <T extends string = string>() => v7() as T,
}
