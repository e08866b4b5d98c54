/** What a gateway tells of itself. */
const metricsOf = async (gatewayUrl: string): Promise<string> => (await fetch(`${gatewayUrl}/metrics`)).text()

export interface Within {
  readonly all: number
  readonly within5ms: number
}

/** Answers with a 503, and how many of them were made within 5 ms of the request's arrival. */
export const refusalsOf = async (gatewayUrl: string): Promise<Within> => {
  const text = await metricsOf(gatewayUrl)
  const sum = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((all, [, n]) => all + Number(n), 0)
  return {
    all: sum(/^comptoir_http_request_duration\w*_count\{[^}]*status="503"[^}]*\} (\d+)/gm),
    within5ms: sum(
      /^comptoir_http_request_duration\w*_bucket\{(?=[^}]*status="503")[^}]*le="0\.005"[^}]*\} (\d+)/gm,
    ),
  }
}

/** The state of a service's breaker: 0 closed, 1 half-open, 2 open. */
export const breakerOf = async (gatewayUrl: string, service: string): Promise<number> => {
  const state = new RegExp(`^comptoir_breaker_state\\{[^}]*service="${service}"[^}]*\\} (\\d)`, 'm')
  return Number(state.exec(await metricsOf(gatewayUrl))?.[1] ?? Number.NaN)
}
