import type { KeySet } from '@comptoir/contracts/identity/model'

export type PublicKey = KeySet['keys'][number]
