import { fetchDebianProgram } from './debian-program.ts'

/** Fetches nats-server from a suite of Debian that is newer than most machines'. Resolves to the program. */
export const fetchNatsFromDebian = (folder: string, onProgress: (message: string) => void): Promise<string> =>
  fetchDebianProgram(folder, { name: 'nats-server', suites: ['sid', 'trixie'] }, onProgress)
