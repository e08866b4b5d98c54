import type { Stack } from './stack.ts'

/** What a developer sees once all runs: where everything is and what to try first. */
export function readyScreen(stack: Stack, startedInMs: number): string {
  const { gatewayUrl: gateway, sandboxUrl: sandbox } = stack
  const rows = [
    ['shop, typed clients', `${gateway}/trpc`],
    ['shop, REST', `${gateway}/v1   (described in ${gateway}/openapi.json)`],
    ['ready, metrics', `${gateway}/readyz   ${gateway}/metrics`],
    ['e-mails and texts sent', `${sandbox}/mailbox   ${sandbox}/phone`],
    [
      'back-office sign-in',
      `${stack.admin.email}   password ${stack.admin.password}   (no second factor here)`,
    ],
    ['PostgreSQL', stack.databaseUrl],
    ['NATS', stack.natsUrl],
  ]
  const width = Math.max(...rows.map(([name = '']) => name.length)) + 2
  return [
    '',
    `Comptoir is ready after ${(startedInMs / 1000).toFixed(1)} s`,
    '',
    ...rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}${value}`),
    '',
    'Try:',
    `  curl '${gateway}/v1/products?limit=3'`,
    `  npx -y bun@${Bun.version} run demo        a whole purchase, in another terminal`,
    '',
    'Source changes restart what they touch. Ctrl-C stops everything.',
    '',
  ].join('\n')
}
