import { MetaplastError } from '../core/errors';
import type { QueueAddress } from './address';

/** Milliseconds that a server may take to answer for the first time: a host that drops what it is sent never does. */
const patience = 8000;

/**
 * Connects for the first time.
 * @throws MetaplastError saying why it cannot be done, within 8 seconds.
 */
export async function firstConnection(address: QueueAddress, connect: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), patience);
  });
  try {
    await Promise.race([connect(), late]);
  } catch (error) {
    throw inWords(address, error as Error & { code?: string });
  } finally {
    clearTimeout(timer);
  }
}

interface Reason {
  readonly what: string;
  readonly advice: string;
}

/** By the system's codes, PostgreSQL's, and the words that Redis begins with. */
const reasons: readonly (readonly [RegExp, (address: QueueAddress) => Reason])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN)\b/,
    ({ host }) => ({
      what: `There is no host "${host}"`,
      advice: 'Look whether it is written right, and known to this machine',
    }),
  ],
  [
    /^ECONNREFUSED\b/,
    ({ port }) => ({
      what: `Nobody listens there on port ${port}`,
      advice: 'Start the server, or name the port that it listens on',
    }),
  ],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b|timeout/i,
    ({ host, kind, tls }) => ({
      what: `${host} does not answer`,
      advice: `Look whether the host is up, no firewall keeps this machine out, and a server of ${kind === 'redis' ? 'Redis' : 'PostgreSQL'} is there${tls ? ' that encrypts' : ''}`,
    }),
  ],
  [
    /^WRONGPASS|^28P01\b|^28000\b|invalid (username|password)/,
    ({ user }) => ({
      what: `The server refuses the password${user === undefined ? '' : ` of user "${user}"`}`,
      advice:
        'Look at METAPLAST_QUEUE_PASSWORD, or at the file that METAPLAST_QUEUE_PASSWORD_FILE names, and at the user in the address',
    }),
  ],
  [
    /^NOAUTH|password must be a string|no password|without any password configured/i,
    () => ({
      what: 'The server asks for a password, or has none and was given one',
      advice:
        'Put it into METAPLAST_QUEUE_PASSWORD, or into a file that METAPLAST_QUEUE_PASSWORD_FILE names; or leave both out',
    }),
  ],
  [
    /^NOPERM|^42501\b/,
    () => ({
      what: 'The user may not do what is needed',
      advice: 'Give it the rights of docs/howto/cluster.md',
    }),
  ],
  [
    /^3D000\b|DB index is out of range/,
    ({ database }) => ({
      what: `There is no database "${database ?? ''}"`,
      advice: 'Make it (createdb), or name another one in the address',
    }),
  ],
  [
    /certificate|self-signed|CERT_|ERR_TLS|wrong version number|SSL|EPROTO|packet length too long/i,
    ({ tls }) => ({
      what: tls ? 'No encrypted connection could be made' : 'The server wants an encrypted connection',
      advice: tls
        ? 'Look whether the server speaks TLS on this port; where its certificate is of an authority of your own, name that by NODE_EXTRA_CA_CERTS=FILE'
        : 'Use rediss://, or ?sslmode=verify-full',
    }),
  ],
  [
    /RESP|^ECONNRESET\b|Connection is closed/,
    ({ kind }) => ({
      what: 'What answers there speaks otherwise',
      advice: `Look whether a server of ${kind === 'redis' ? 'Redis' : 'PostgreSQL'} is at this address, and whether it encrypts`,
    }),
  ],
];

function inWords(address: QueueAddress, error: Error & { code?: string }): MetaplastError {
  const told = [error.code, error.message].filter((text) => text !== undefined && text !== '') as string[];
  const found = reasons.find(([pattern]) => told.some((text) => pattern.test(text)));
  const { what, advice } = found?.[1](address) ?? {
    what: 'It does not work',
    advice: 'Look whether a server of this kind is at this address',
  };
  return new MetaplastError({
    what: `The queue cannot be used. ${what}`,
    got: `${address.shown}, which said: ${[...new Set(told)].join(': ')}`,
    advice,
  });
}
