// A client in a process of its own: it is told on standard input what to ask for, and writes down what came of it.
import { runLinks } from './run-links.mjs'

let text = ''
for await (const chunk of process.stdin) text += chunk
process.stdout.write(JSON.stringify(await runLinks(JSON.parse(text))))
process.exit(0)
