import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { addressWarnings, queueAddress } from '../../src/cluster/address';
import { InputError } from '../../src/core/errors';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-address-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const passwordFile = path.join(folder, 'password');
fs.writeFileSync(passwordFile, 'pa ss\n');

const none = { environment: {} };

describe('the address of a queue', () => {
  it.each([
    ['redis://localhost', { kind: 'redis', host: 'localhost', port: 6379, tls: false, database: undefined }],
    ['rediss://127.0.0.1:7000/2', { kind: 'redis', host: '127.0.0.1', port: 7000, tls: true, database: '2' }],
    ['postgres://me@[::1]/runs', { kind: 'postgres', host: '::1', port: 5432, user: 'me', database: 'runs' }],
    ['postgresql://localhost:99/a%20b?sslmode=verify-full', { port: 99, tls: true, database: 'a b' }],
    ['postgres://localhost/a?sslmode=disable', { tls: false }],
  ])('%s is read', (url, expected) => {
    expect(queueAddress(url, none)).toMatchObject({ name: 'metaplast', ...expected });
  });

  it.each([
    ['no address', 'localhost:6379', /no address of a queue/],
    ['another protocol', 'http://localhost', /no address of a queue/],
    ['no host', 'redis://', /no address of a queue/],
    ['a database of Redis that is no number', 'redis://localhost/runs', /is a number/],
    ['an unknown option', 'postgres://localhost/a?host=elsewhere', /something unknown.*sslmode/],
    ['encryption that checks nothing', 'postgres://localhost/a?sslmode=no-verify', /something unknown/],
  ])('%s is refused', (_, url, error) => {
    expect(() => queueAddress(url, none)).toThrow(error);
  });

  it.each(['', 'Upper', '1st', 'with-dash', 'with"quote', 'x'.repeat(31)])('%j is no name', (name) => {
    expect(() => queueAddress('redis://localhost', { ...none, name })).toThrow(/name/);
  });
});

describe('the password', () => {
  it('comes from a variable, or from a file that one names, without the end of its line', () => {
    const read = (environment: Record<string, string>) =>
      queueAddress('redis://far.example', { environment }).password;
    expect(read({ METAPLAST_QUEUE_PASSWORD: 'secret' })).toBe('secret');
    expect(read({ METAPLAST_QUEUE_PASSWORD_FILE: passwordFile })).toBe('pa ss');
  });

  it('is refused where it is given twice, and where its file cannot be read', () => {
    const environment = { METAPLAST_QUEUE_PASSWORD: 'a' };
    expect(() => queueAddress('redis://:b@localhost', { environment })).toThrow(
      /more than once.*the address and/,
    );
    const missing = { METAPLAST_QUEUE_PASSWORD_FILE: path.join(folder, 'missing') };
    expect(() => queueAddress('redis://localhost', { environment: missing })).toThrow(
      /cannot be read: ENOENT/,
    );
  });

  it('is needed on another machine, unless that is said to be safe', () => {
    for (const url of [
      'redis://far.example',
      'rediss://far.example',
      'postgres://me@10.0.0.1/a',
      'redis://127.1.example',
    ]) {
      expect(() => queueAddress(url, none)).toThrow(InputError);
      expect(queueAddress(url, { ...none, insecure: true }).password).toBeUndefined();
    }
    expect(queueAddress('redis://127.0.0.53', none).password).toBeUndefined();
  });

  it('is warned of where it would be sent unencrypted', () => {
    const at = (url: string) =>
      addressWarnings(queueAddress(url, { environment: { METAPLAST_QUEUE_PASSWORD: 'x' } }));
    expect(at('redis://far.example')).toEqual([expect.stringMatching(/unencrypted/)]);
    expect(at('postgres://far.example/a')).toHaveLength(1);
    expect(at('rediss://far.example')).toEqual([]);
    expect(at('redis://localhost')).toEqual([]);
  });

  it('is in nothing that people read: neither in what is shown, nor in an error', () => {
    const secret = fc.string({ minLength: 8 }).map((text) => encodeURIComponent(`S3cret${text}`));
    const urls = fc.oneof(
      secret.map((word) => `redis://user:${word}@localhost:1/0`),
      secret.map((word) => `postgres://user:${word}@localhost/db`),
      secret.map((word) => `redis://user:${word}@localhost/no-number`),
      secret.map((word) => `nonsense://user:${word}@localhost`),
      secret.map((word) => `redis://user:${word}@ho st`),
      secret.map((word) => `postgres://user:${word}@localhost/db?x=1`),
    );
    fc.assert(
      fc.property(urls, (url) => {
        let shown: string;
        try {
          shown = queueAddress(url, none).shown;
        } catch (error) {
          shown = `${(error as Error).message} ${JSON.stringify(error)}`;
        }
        expect(shown).not.toContain('S3cret');
      }),
    );
  });
});
