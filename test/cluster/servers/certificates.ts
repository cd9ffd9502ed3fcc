import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Files in PEM format. */
export interface Certificates {
  /** What the server's certificate is signed by. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** An authority of its own, and a certificate by it for localhost and 127.0.0.1. */
export function makeCertificates(folder: string): Certificates {
  const file = (name: string) => path.join(folder, name);
  const openssl = (...options: string[]) => execFileSync('openssl', options, { stdio: 'pipe' });
  const newKey = (key: string, name: string) =>
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'].concat(
      ...['-keyout', file(key), '-subj', `/CN=${name}`],
    );
  openssl(
    'req',
    '-x509',
    '-days',
    '2',
    ...newKey('authority.key', 'authority'),
    '-out',
    file('authority.crt'),
  );
  openssl('req', ...newKey('server.key', 'localhost'), '-out', file('server.csr'));
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const authority = ['-CA', file('authority.crt'), '-CAkey', file('authority.key'), '-CAcreateserial'];
  const request = ['-in', file('server.csr'), '-extfile', file('names'), '-out', file('server.crt')];
  openssl('x509', '-req', '-days', '2', ...authority, ...request);
  return { authority: file('authority.crt'), certificate: file('server.crt'), key: file('server.key') };
}
