import { loginLanes, type Access } from './sections/access.ts'
import { table } from './tables.ts'
import type { Target } from './target.ts'

const authorisedMicros = 50
const loopDelayMs = 20
const medianShare = 0.05

/** How far the medians of known and unknown accounts are apart, as a share of the known ones'. */
const apart = ({ known, unknown }: Access): number => Math.abs(unknown.p50 / known.p50 - 1)

export const accessTargets = (access: Access): Target[] => {
  const { costs, hashing } = access
  const share = apart(access)
  return [
    {
      what: 'authorisation added to a request: a token that is known, and its rights',
      wanted: `< ${authorisedMicros} µs`,
      got: `${(costs.cached + costs.authorised).toFixed(1)} µs`,
      holds: costs.cached + costs.authorised < authorisedMicros,
    },
    {
      what: 'event loop while passwords are checked, p99 of its delay',
      wanted: `< ${loopDelayMs} ms`,
      got: `${hashing.loopDelay.p99.toFixed(1)} ms`,
      holds: hashing.loopDelay.p99 < loopDelayMs,
    },
    {
      what: 'wrong sign-ins: median of unknown accounts ÷ of known ones',
      wanted: 'within 5 %',
      got: `${(share * 100).toFixed(1)} % apart`,
      holds: share <= medianShare,
    },
  ]
}

export const accessTable = ({ costs, hashing, loginsPerSecond, known, unknown }: Access): string =>
  table(
    ['what', 'figure'],
    [
      ['token check at the edge, a token never seen before', `${costs.uncached.toFixed(0)} µs`],
      ['token check at the edge, a token that is known', `${costs.cached.toFixed(2)} µs`],
      ['may they do it, by the rule of the operation', `${costs.authorised.toFixed(2)} µs`],
      [
        `passwords checked, ${loginLanes} waiting at once (argon2id, 19 MiB, 2 passes)`,
        `${hashing.perSecond.toFixed(0)} /s`,
      ],
      [
        'delay of the event loop meanwhile, p50 / p99',
        `${hashing.loopDelay.p50.toFixed(1)} / ${hashing.loopDelay.p99.toFixed(1)} ms`,
      ],
      [`sign-ins through the gateway, ${loginLanes} at once`, `${loginsPerSecond.toFixed(0)} /s`],
      [`wrong password of a known account, median of ${known.count}`, `${known.p50.toFixed(2)} ms`],
      [`the same of an unknown account, median of ${unknown.count}`, `${unknown.p50.toFixed(2)} ms`],
    ],
  )
