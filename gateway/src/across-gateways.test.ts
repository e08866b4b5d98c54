import { expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { acrossGateways, type Word } from './across-gateways.ts'
import { publicOperations } from './operations.ts'

const operations = publicOperations(services)

/** Two gateways, and what each has forgotten. */
const scene = () => {
  const ears: (readonly [subject: string, callback: (text: string) => void])[] = []
  const told: string[] = []
  const word: Word = {
    hear: (...ear) => void ears.push(ear),
    tell: (subject, text) => {
      told.push(text)
      for (const [heard, callback] of ears) if (heard === subject) callback(text)
    },
  }
  const forgotten = [new Set<string>(), new Set<string>()] as const
  const [one] = forgotten.map((names) =>
    acrossGateways({ forget: (service) => void names.add(service) }, operations, word),
  )
  return { one, forgotten, told, word }
}

test('each gateway forgets what another has written to, and tells of nothing that nobody keeps', () => {
  const { one, forgotten, told } = scene()
  one?.forget('catalog')
  one?.forget('orders')
  expect(forgotten).toEqual([new Set(['catalog', 'orders']), new Set(['catalog'])])
  expect(told).toEqual(['catalog'])
})

test.each(['created', 'updated', 'archived'])('every gateway forgets when a product was %s', (what) => {
  const { forgotten, word } = scene()
  word.tell(`catalog.product.${what}.v1`, '{}')
  expect(forgotten).toEqual([new Set(['catalog']), new Set(['catalog'])])
})
