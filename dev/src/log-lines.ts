const colours = [36, 32, 33, 35, 34, 96, 92, 93, 95]
const levelColours: Record<string, number> = { debug: 90, info: 37, warn: 33, error: 31 }
const hiddenFields = new Set(['level', 'time', 'service', 'msg', 'pid', 'hostname'])

export type LinePrinter = (name: string, line: string) => void

/** Prints lines of many processes to one terminal: the name first, a JSON log line as words. Colours on request. */
export function linePrinter(
  names: readonly string[],
  colour: boolean,
  write: (text: string) => void,
): LinePrinter {
  const width = Math.max(...names.map((name) => name.length))
  const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text)
  return (name, line) => {
    const code = colours[Math.max(0, names.indexOf(name)) % colours.length] ?? 37
    const prefix = paint(code, name.padEnd(width))
    write(`${prefix} ${asWords(line, paint)}\n`)
  }
}

function asWords(line: string, paint: (code: number, text: string) => string): string {
  const entry = parse(line)
  if (!entry) return line
  const { level, time, msg } = entry
  const clock = typeof time === 'string' ? time.slice(11, 23) : ''
  const tag = typeof level === 'string' ? paint(levelColours[level] ?? 37, level.padEnd(5)) : ''
  const fields = Object.entries(entry).filter(([key]) => !hiddenFields.has(key))
  const details = fields.map(([key, value]) => `${key}=${asText(value)}`).join(' ')
  return [paint(90, clock), tag, typeof msg === 'string' ? msg : '', paint(90, details)]
    .filter((part) => part !== '')
    .join(' ')
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

// A stack trace keeps its lines: that is what it is read for.
function asText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string') {
    const { stack, ...rest } = value
    return `${JSON.stringify(rest)}\n${stack}`
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
