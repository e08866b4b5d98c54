export { deadLetters, idempotencyKeys, inbox, outbox, redactions } from '@comptoir/service-kit/tables'
