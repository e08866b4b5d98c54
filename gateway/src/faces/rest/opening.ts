/** The first words of an event stream, which tell whether it was refused; a refusal is answered as anywhere else. */

export interface Opening {
  /** What was refused, as tRPC writes it into a stream; undefined where the stream goes on. */
  readonly refusal: string | undefined
  /** The whole stream, from its first byte. */
  readonly body: ReadableStream<Uint8Array>
}

/** A refusal comes at once; a stream that has nothing to tell yet is not kept waiting for longer. */
const patienceMs = 500
const blank = /^event: (connected|ping)$/m
const refused = /^event: serialized-error$/m

/** Reads a stream up to its first event, or for half a second. */
export const openStream = async (stream: ReadableStream<Uint8Array>): Promise<Opening> => {
  const reader = stream.getReader()
  const read: Uint8Array[] = []
  const decoder = new TextDecoder()
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(resolve, patienceMs, 'late' as const)
  let next = reader.read()
  let text = ''
  while (firstEvent(text) === undefined) {
    const chunk = await Promise.race([next, late])
    if (chunk === 'late' || chunk.done) break
    read.push(chunk.value)
    text += decoder.decode(chunk.value, { stream: true })
    next = reader.read()
  }
  clearTimeout(timer)
  const event = firstEvent(text)
  if (event === undefined || !refused.test(event)) {
    return { refusal: undefined, body: joined(read, next, reader) }
  }
  next.catch(() => undefined)
  await reader.cancel().catch(() => undefined)
  return { refusal: /^data: (.*)$/m.exec(event)?.[1] ?? '', body: stream }
}

const firstEvent = (text: string): string | undefined =>
  text
    .split('\n\n')
    .slice(0, -1)
    .find((block) => block.trim() !== '' && !blank.test(block))

type Chunk = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>

const joined = (
  read: readonly Uint8Array[],
  next: Promise<Chunk>,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> => {
  let pending: Promise<Chunk> | undefined = next
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of read) controller.enqueue(chunk)
    },
    pull: async (controller) => {
      const chunk = await (pending ?? reader.read())
      pending = undefined
      if (chunk.done) controller.close()
      else controller.enqueue(chunk.value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
