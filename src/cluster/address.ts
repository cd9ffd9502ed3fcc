import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { InputError } from '../core/errors';
import { validate } from '../core/validate';

/** Where a queue's server is, and how to get in. Holds a secret: it is never written anywhere; what people see of it is `shown`. */
export interface QueueAddress {
  readonly kind: 'redis' | 'postgres';
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Of Redis a number, of PostgreSQL a name. */
  readonly database: string | undefined;
  /** Encrypted, with the server's certificate checked by the machine's authorities and those of NODE_EXTRA_CA_CERTS. */
  readonly tls: boolean;
  /** What all keys begin with, and the schema of all tables. */
  readonly name: string;
  /** The address without its secrets. */
  readonly shown: string;
}

/** How the address of a queue is read. */
export interface AddressOptions {
  /** Default: `metaplast`. */
  readonly name?: string;
  /** Whether a server on another machine may be without a password. Default false. */
  readonly insecure?: boolean;
  /** Where the password is looked for: METAPLAST_QUEUE_PASSWORD, or the file METAPLAST_QUEUE_PASSWORD_FILE names. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const optionsSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,29}$/, {
      error: 'a letter, then letters, digits and _, up to 30, all lower case',
    })
    .optional(),
  insecure: z.boolean().optional(),
  environment: z.record(z.string(), z.string().optional()).optional(),
});

const kinds = {
  'redis:': { kind: 'redis', tls: false, port: 6379 },
  'rediss:': { kind: 'redis', tls: true, port: 6379 },
  'postgres:': { kind: 'postgres', tls: false, port: 5432 },
  'postgresql:': { kind: 'postgres', tls: false, port: 5432 },
} as const;

const legalAddress =
  'redis://HOST:PORT, rediss://HOST:PORT (encrypted), postgres://USER@HOST:PORT/DATABASE, or the same with ?sslmode=verify-full (encrypted)';

/** Passwords in what people read are no secrets any more. */
const withoutSecrets = (text: string): string => text.replace(/(\/\/[^/@\s:]*):[^@\s]*@/g, '$1:***@');

/**
 * Reads the address of a queue.
 * @throws InputError where it is none, its password is to be found in two places or cannot be read, or the server is on another machine and has none.
 */
export function queueAddress(url: string, options: AddressOptions = {}): QueueAddress {
  const {
    name = 'metaplast',
    insecure = false,
    environment = process.env,
  } = validate(optionsSchema, options, 'the options of a queue');
  validate(z.string(), url, 'the address of a queue');
  const parsed = parse(url);
  const { kind, port, ...scheme } = kinds[parsed.protocol as keyof typeof kinds];
  const tls = scheme.tls || isEncrypted(parsed, kind);
  const host = decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, '');
  const database = decodeURIComponent(parsed.pathname.slice(1)) || undefined;
  if (kind === 'redis' && database !== undefined && !/^\d{1,4}$/.test(database))
    throw new InputError({ what: 'The database of a Redis address is a number', got: database, legal: '/0' });
  const user = decodeURIComponent(parsed.username) || undefined;
  const password = passwordOf(parsed, environment);
  const at = `${host.includes(':') ? `[${host}]` : host}:${parsed.port || port}`;
  const shown = `${parsed.protocol}//${at}${database === undefined ? '' : `/${database}`}`;
  if (password === undefined && !isThisMachine(host) && !insecure) {
    throw new InputError({
      what: 'The server of the queue is on another machine and is to be used without a password',
      got: shown,
      legal:
        'a password in the environment variable METAPLAST_QUEUE_PASSWORD, or in the file that METAPLAST_QUEUE_PASSWORD_FILE names',
      advice: 'Where nobody else can reach that server, say so by --insecure',
    });
  }
  return { kind, host, port: Number(parsed.port || port), user, password, database, tls, name, shown };
}

/** What people are warned of, who use this address. */
export function addressWarnings({ host, tls, shown }: QueueAddress): string[] {
  if (tls || isThisMachine(host)) return [];
  return [
    `warning: all that goes to ${shown}, the password too, is sent unencrypted: use rediss://, or ?sslmode=verify-full`,
  ];
}

function parse(url: string): URL {
  const refuse = (): never => {
    throw new InputError({
      what: 'This is no address of a queue',
      got: withoutSecrets(url),
      legal: legalAddress,
    });
  };
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return refuse();
  }
  if (!Object.hasOwn(kinds, parsed.protocol) || parsed.hostname === '' || parsed.hash !== '') refuse();
  return parsed;
}

const sslModes = { disable: false, require: true, 'verify-full': true } as const;

/** Whether the query asks for encryption. @throws InputError for anything else in it. */
function isEncrypted({ searchParams }: URL, kind: QueueAddress['kind']): boolean {
  const asked = [...searchParams];
  const legal =
    kind === 'postgres'
      ? `sslmode=${Object.keys(sslModes).join('|')}`
      : 'nothing: use rediss:// for encryption';
  for (const [name, value] of asked) {
    const isLegal = kind === 'postgres' && name === 'sslmode' && Object.hasOwn(sslModes, value);
    if (!isLegal)
      throw new InputError({ what: 'The address of a queue asks for something unknown', got: name, legal });
  }
  return asked.some(([, value]) => sslModes[value as keyof typeof sslModes]);
}

function passwordOf({ password }: URL, environment: NonNullable<AddressOptions['environment']>) {
  const { METAPLAST_QUEUE_PASSWORD: variable, METAPLAST_QUEUE_PASSWORD_FILE: file } = environment;
  const given = [
    ['the address', password === '' ? undefined : decodeURIComponent(password)],
    ['METAPLAST_QUEUE_PASSWORD', variable || undefined],
    ['METAPLAST_QUEUE_PASSWORD_FILE', file ? readPassword(file) : undefined],
  ].filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const got = given.map(([where]) => where).join(' and ');
    throw new InputError({
      what: 'The password of the queue is given more than once',
      got,
      legal: 'one of them',
    });
  }
  return given[0]?.[1];
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new InputError({
      what: `The file of METAPLAST_QUEUE_PASSWORD_FILE cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      got: file,
      legal: 'a file that holds the password alone',
    });
  }
}

/** Certificates name hosts, or addresses; of these no name is sent. */
export const tlsOptions = (host: string): { readonly servername?: string } =>
  isIP(host) ? {} : { servername: host };

const isThisMachine = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
