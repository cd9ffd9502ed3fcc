import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Redis from 'ioredis';
import { type Certificates, makeCertificates } from './certificates';
import { OwnServer } from './own-server';
import { findRedis } from './programs';
import type { StartedServer } from './started';

/** Starts a Redis that writes each command to its folder before it answers, so that nothing answered is lost when it is killed. */
export async function startRedis({ tls = false } = {}): Promise<StartedServer> {
  const password = randomBytes(12).toString('hex');
  let certificates: Certificates | undefined;
  const own = await OwnServer.start(
    {
      stopSignal: 'SIGTERM',
      prepare(folder) {
        if (tls) certificates = makeCertificates(folder);
        const lines = [
          ...['bind 127.0.0.1', `dir ${folder}`, `requirepass ${password}`, 'save ""'],
          ...['appendonly yes', 'appendfsync everysec', 'daemonize no'],
          ...(certificates === undefined
            ? []
            : [
                ...[`tls-cert-file ${certificates.certificate}`, `tls-key-file ${certificates.key}`],
                ...[`tls-ca-cert-file ${certificates.authority}`, 'tls-auth-clients no'],
              ]),
        ];
        writeFileSync(path.join(folder, 'redis.conf'), lines.join('\n'), { mode: 0o600 });
      },
      command: (folder, port) => [
        findRedis()!,
        [
          path.join(folder, 'redis.conf'),
          ...(tls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]),
        ],
      ],
      async ask(port) {
        const ca = certificates && readFileSync(certificates.authority, 'utf8');
        const client = new Redis({
          ...{ host: '127.0.0.1', port, password, lazyConnect: true, retryStrategy: () => null },
          ...(ca === undefined ? {} : { tls: { ca } }),
        });
        client.on('error', () => {});
        try {
          await client.connect();
          await client.ping();
        } finally {
          client.disconnect();
        }
      },
    },
    'redis',
  );
  return Object.assign(own, {
    password,
    url: `${tls ? 'rediss' : 'redis'}://:${password}@127.0.0.1:${own.port}`,
    authority: certificates?.authority,
  });
}
