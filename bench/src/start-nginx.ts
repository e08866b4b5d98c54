import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Beside } from './drive.ts'

export interface NginxOptions {
  readonly program: string
  readonly folder: string
  readonly port: number
  readonly upstreamPort: number
}

/** Starts nginx as a proxy with one worker and kept connections on both sides; resolves when it answers. */
export const startNginx = async (options: NginxOptions): Promise<Beside> => {
  const { program, folder, port } = options
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(options))
  const child = Bun.spawn([program, '-p', folder, '-c', file, '-e', 'stderr'], {
    stdout: 'ignore',
    stderr: 'inherit',
  })
  process.on('exit', () => child.kill('SIGKILL'))
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      (answer) => answer.ok,
      () => false,
    )
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    await Bun.sleep(20)
  }
  return {
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}

/** A connection must outlast the run, as one of the gateway does. */
const requestsMax = 100_000_000
const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

const configuration = ({ folder, port, upstreamPort }: NginxOptions): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${JSON.stringify(join(folder, 'nginx.pid'))};
error_log stderr error;
events { worker_connections 2048; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${JSON.stringify(join(folder, name))};`).join('\n  ')}
  keepalive_requests ${requestsMax};
  upstream service {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_requests ${requestsMax};
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`
