export { deadLetters, idempotencyKeys, inbox, outbox } from '@comptoir/service-kit/tables'
