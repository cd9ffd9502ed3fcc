import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { RequestProblem } from '../request-problem';

/** Characters of a request's target. */
const longestTarget = 48 * 1024;

/** Whom the server lets in. */
export interface GuardOptions {
  /** What it was asked to listen at. */
  readonly host: string;
  readonly port: number;
  /** Without which nobody is let in; null where the server listens to this machine alone. */
  readonly token: string | null;
}

/** What is done with a request: null lets it in, a text sends the browser there and hands it the token as a cookie. */
export type Admission = null | { readonly to: string; readonly cookie: string };

/** 128 random bits. */
export const newToken = (): string => randomBytes(16).toString('hex');

/** Whether a name or an address is this machine's alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

/**
 * Lets in what a page of this server's own asks, or a person by the address that was printed; nothing that another site makes a browser ask. Where the server
 * can be reached from other machines, only who knows the token.
 */
export class Guard {
  private readonly hosts: ReadonlySet<string>;
  private readonly cookie: string;

  constructor(private readonly options: GuardOptions) {
    const { host, port } = options;
    const names = ['localhost', '127.0.0.1', '::1', host, ...(isLoopback(host) ? [] : ownNames())];
    const written = names.map((name) => (net.isIPv6(name) ? `[${name}]` : name).toLowerCase());
    this.hosts = new Set(written.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]));
    // Cookies know no ports: two servers of one machine would take each other's.
    this.cookie = `metaplast-inspector-${port}`;
  }

  /** @throws RequestProblem where a request is refused. */
  admit(request: IncomingMessage): Admission {
    const target = request.url ?? '';
    if (target.length > longestTarget)
      throw new RequestProblem(414, {
        what: 'The address is too long',
        legal: `up to ${longestTarget} characters`,
      });
    const address = addressOf(target);
    if (address === null) throw new RequestProblem(400, { what: 'The address is no path of this server' });
    this.checkHost(request);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new RequestProblem(405, {
        what: 'Nothing can be changed here',
        got: request.method,
        legal: 'GET, HEAD',
      });
    this.checkSite(request, address);
    return this.checkToken(request, address);
  }

  /** A name that leads here by another site's name service is not one of this server's. */
  private checkHost({ headers, rawHeaders }: IncomingMessage): void {
    const given = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
    if (given === 1 && this.hosts.has((headers.host ?? '').toLowerCase())) return;
    throw new RequestProblem(403, {
      what: 'The server is not called so',
      got: (headers.host ?? 'no name').slice(0, 100),
      legal: [...this.hosts].join(', '),
      advice: 'Open the address that was printed; through a tunnel, with the same port at both ends',
    });
  }

  private checkSite({ headers }: IncomingMessage, { isApi }: Address): void {
    const { origin } = headers;
    const site = headers['sec-fetch-site'];
    const isOwn = origin === undefined || origin.toLowerCase() === `http://${headers.host}`.toLowerCase();
    // A link from elsewhere may open the page, and have nothing of what it shows.
    const opens =
      headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && !isApi;
    if (isOwn && (site === undefined || site === 'same-origin' || site === 'none' || opens)) return;
    throw new RequestProblem(403, {
      what: 'Another site asks for this',
      got: (origin ?? String(site)).slice(0, 100),
    });
  }

  private checkToken(request: IncomingMessage, { url, isApi }: Address): Admission {
    const { token } = this.options;
    if (token === null) return null;
    const given = url.searchParams.get('token');
    if (given !== null && isSame(given, token)) {
      if (isApi) return null;
      url.searchParams.delete('token');
      const cookie = `${this.cookie}=${token}; Path=/; HttpOnly; SameSite=Strict`;
      // Two slashes would lead to another server.
      return { to: `/${url.pathname.replace(/^\/+/, '')}${url.search}`, cookie };
    }
    if (given === null && cookiesOf(request, this.cookie).some((value) => isSame(value, token))) return null;
    throw new RequestProblem(403, {
      what: 'This server lets in who knows its token',
      advice: 'Open the address that was printed where it was started',
    });
  }
}

/** What a request's target comes to, however it is written. */
interface Address {
  readonly url: URL;
  /** Whether it asks for data: `/%61pi/runs` and `/./api/runs` do as well. */
  readonly isApi: boolean;
}

/** The address of a target; null where it is no path of this server. */
function addressOf(target: string): Address | null {
  // Backslashes are slashes to some, and a fragment is never sent.
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(target) || /[\\#]/.test(target)) return null;
  try {
    const url = new URL(`http://server${target}`);
    const plain = path.posix.normalize(decodeURIComponent(url.pathname));
    return { url, isApi: /^\/api(\/|$)/.test(plain) };
  } catch {
    return null; // No URL, or escapes that stand for no text.
  }
}

/** Takes as long whatever the two have in common. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function cookiesOf({ headers }: IncomingMessage, name: string): string[] {
  return (headers.cookie ?? '').split(';').flatMap((part) => {
    const [key, value] = part.trim().split('=');
    return key === name && value !== undefined ? [value] : [];
  });
}

/** What this machine is called by others. */
function ownNames(): string[] {
  const addresses = Object.values(os.networkInterfaces()).flatMap((all) => all ?? []);
  return [os.hostname(), ...addresses.map(({ address }) => address)];
}

/** By which name others reach a server that listens at a host. */
export function reachableName(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(os.networkInterfaces()).flatMap((all) => all ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return outside?.address ?? os.hostname();
}
