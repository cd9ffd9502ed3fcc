import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { type Certificates, makeCertificates } from './certificates';
import { OwnServer } from './own-server';
import { findPostgres } from './programs';
import type { StartedServer } from './started';

/** PostgreSQL does not work for root. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid!() !== 0) return undefined;
  const idOf = (kind: string) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Starts a PostgreSQL with a database `postgres` and a user `tester`, who may do everything. */
export async function startPostgres({ tls = false } = {}): Promise<StartedServer> {
  const password = randomBytes(12).toString('hex');
  const programs = findPostgres()!;
  const user = owner();
  let certificates: Certificates | undefined;
  const own = await OwnServer.start(
    {
      user,
      stopSignal: 'SIGINT', // without waiting for clients to leave
      prepare(folder) {
        const give = (file: string) => user && chownSync(file, user.uid, user.gid);
        const data = path.join(folder, 'data');
        const secret = path.join(folder, 'secret');
        mkdirSync(data, { mode: 0o700 });
        writeFileSync(secret, password, { mode: 0o600 });
        for (const file of [folder, data, secret]) give(file);
        const as = ['-D', data, '-U', 'tester', '--auth=scram-sha-256', `--pwfile=${secret}`];
        execFileSync(path.join(programs, 'initdb'), [...as, '--no-sync', '--encoding=UTF8', '--locale=C'], {
          ...user,
          cwd: folder,
          stdio: 'pipe',
        });
        rmSync(secret);
        const settings = [
          ...["listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", 'shared_buffers = 16MB'],
          'fsync = off', // what it has written outlives it, if not the machine
        ];
        if (tls) {
          certificates = makeCertificates(folder);
          give(certificates.key);
          const { certificate, key } = certificates;
          settings.push('ssl = on', `ssl_cert_file = '${certificate}'`, `ssl_key_file = '${key}'`);
          const access = path.join(data, 'pg_hba.conf');
          writeFileSync(access, readFileSync(access, 'utf8').replace(/^host\b/gm, 'hostssl'));
        }
        appendFileSync(path.join(data, 'postgresql.conf'), `${settings.join('\n')}\n`);
      },
      command: (folder, port) => [
        path.join(programs, 'postgres'),
        ['-D', path.join(folder, 'data'), '-p', `${port}`],
      ],
      async ask(port) {
        const ca = certificates && readFileSync(certificates.authority, 'utf8');
        const client = new Client({
          ...{ host: '127.0.0.1', port, user: 'tester', password, database: 'postgres' },
          ...(ca === undefined ? {} : { ssl: { ca } }),
        });
        client.on('error', () => {});
        try {
          await client.connect();
          await client.query('select 1');
        } finally {
          await client.end();
        }
      },
    },
    'postgres',
  );
  return Object.assign(own, {
    password,
    url: `postgres://tester:${password}@127.0.0.1:${own.port}/postgres${tls ? '?sslmode=verify-full' : ''}`,
    authority: certificates?.authority,
  });
}
