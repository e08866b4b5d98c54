/** What one gateway keeps, another may be asked to change: each tells the others which service has been written to. */
import { productArchived, productCreated, productUpdated } from '@comptoir/contracts/catalog/events'
import { freshnessOf } from './freshness.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { Operations } from './operations.ts'

const written = 'gateway.written'

/**
 * What catalog tells by itself, also of a write whose end no gateway has seen. Not of each sale: how many are left is some
 * seconds old, and what is kept stands in where catalog fails.
 */
const productEvents = [productCreated, productUpdated, productArchived]

/** Word between processes: at most once, and to those that are there. What is missed is old after some seconds anyway. */
export interface Word {
  hear(subject: string, callback: (text: string) => void): void
  tell(subject: string, text: string): void
}

/** Forgets what is kept here and everywhere else, and here what is written elsewhere. */
export const acrossGateways = (
  kept: Pick<KeptAnswers, 'forget'>,
  operations: Operations,
  word: Word,
): Pick<KeptAnswers, 'forget'> => {
  const services = keptServices(operations)
  word.hear(written, (service) => kept.forget(service))
  for (const { subject } of productEvents) word.hear(subject, () => kept.forget('catalog'))
  return {
    forget: (service) => {
      kept.forget(service)
      if (services.has(service)) word.tell(written, service)
    },
  }
}

/** Services whose answers are kept at all: of writes to any other nobody needs to know. */
const keptServices = (operations: Operations): ReadonlySet<string> =>
  new Set(
    [...operations.values()].flatMap(({ service, contract }) =>
      contract.kind === 'query' && freshnessOf(contract) !== undefined ? [service] : [],
    ),
  )
