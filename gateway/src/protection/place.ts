/** A request’s place among those under way: left while its client keeps us waiting, and taken again. */
import type { Priority } from '@comptoir/contracts/contract'
import type { Admission, Leave } from './admission.ts'
import type { Asked } from './asked.ts'

export interface Place {
  /** False where there is no room; a promise where there may be some in a moment. Whoever is in stays in. */
  enter(): boolean | Promise<boolean>
  /** `isGood` where what it took tells how much we can do. Nothing where the place has been left already. */
  leave(isGood?: boolean): void
}

interface Doorkeeper {
  readonly admission: Admission
  /** Told of each that finds no room. */
  refused(reason: 'overload', priority: Priority): void
}

export const createPlace = ({ admission, refused }: Doorkeeper, { priority, service }: Asked): Place => {
  let held: Leave | undefined
  let enteredAt = 0
  const take = (leave: Leave | undefined): boolean => {
    if (leave === undefined) refused('overload', priority)
    held = leave
    enteredAt = performance.now()
    return leave !== undefined
  }
  return {
    enter: () => {
      if (held !== undefined) return true
      const entering = admission.enter(priority, service)
      return entering instanceof Promise ? entering.then(take) : take(entering)
    },
    leave: (isGood = false) => {
      held?.(isGood ? performance.now() - enteredAt : undefined)
      held = undefined
    },
  }
}
