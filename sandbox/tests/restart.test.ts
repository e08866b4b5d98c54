import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from '../src/config.ts'
import { stripeAt } from './sandbox-under-test.ts'
import { until } from './until.ts'
import { startReceiver } from './webhook-receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
const receiver = startReceiver()
const started: Bun.Subprocess[] = []
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await receiver.stop()
  rmSync(folder, { recursive: true, force: true })
})

const start = async (): Promise<{ child: Bun.Subprocess; url: string }> => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../src/main.ts')], {
    env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_DATA: folder, GATEWAY_URL: receiver.url },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  started.push(child)
  for await (const chunk of child.stdout) {
    const line: { msg: string; url: string } = JSON.parse(
      new TextDecoder().decode(chunk).split('\n')[0] ?? '',
    )
    expect(line.msg).toBe('listening')
    return { child, url: line.url }
  }
  throw new Error('The sandbox said nothing.')
}

test('kill -9 loses neither ledger, nor keys, nor the webhooks still owed', async () => {
  receiver.answerWith(503)
  const config = readConfig(Config, {})
  const first = await start()
  const params = { amount: 4250, currency: 'gbp', payment_method: 'pm_card_visa', confirm: true }
  const paid = await stripeAt(first.url, config).paymentIntents.create(params, { idempotencyKey: 'k1' })
  first.child.kill('SIGKILL')
  await first.child.exited

  receiver.received.length = 0
  receiver.answerWith(200)
  const second = await start()
  const stripe = stripeAt(second.url, config)
  const replayed = await stripe.paymentIntents.create(params, { idempotencyKey: 'k1' })
  expect(replayed.id).toBe(paid.id)
  expect(await stripe.paymentIntents.retrieve(paid.id)).toMatchObject({
    status: 'succeeded',
    amount_received: 4250,
  })
  await until('the owed webhooks', () => (receiver.received.length >= 3 ? true : undefined))
  expect(receiver.received.map((one) => one.event.type).toSorted()).toEqual([
    'charge.succeeded',
    'payment_intent.created',
    'payment_intent.succeeded',
  ])
  second.child.kill('SIGTERM')
  expect(await second.child.exited).toBe(0)
})
