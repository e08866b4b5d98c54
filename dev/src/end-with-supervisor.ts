// Loaded before a process of the stack: ends it when its supervisor is gone. A supervisor that was killed can stop nobody,
// but our standard input is its, and closes with it. SIGKILL, since dying is safe at any time and nobody waits for more.
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL'))
process.stdin.resume()
