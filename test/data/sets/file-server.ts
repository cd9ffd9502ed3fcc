import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a server treats a request, by its number (from 0). */
export interface Behaviour {
  /** Breaks the connection after so many bytes of its answer. */
  readonly cutAfter?: (request: number) => number | undefined;
  /** Whether it goes on from where it is asked to. Default true. */
  readonly takesRanges?: boolean;
  readonly status?: (request: number) => number | undefined;
  /** Sends the first bytes, and then nothing more. */
  readonly stallsAfter?: (request: number) => number | undefined;
  /** Asks to go to the same path below `/moved`. */
  readonly redirects?: boolean;
}

/** A request as it came. */
export interface Seen {
  readonly url: string;
  readonly range: string | undefined;
}

/** A server of files on this machine. */
export interface FileServer {
  readonly address: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  behaviour: Behaviour = {},
): Promise<FileServer> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const number = seen.length;
    const url = request.url ?? '';
    seen.push({ url, range: request.headers.range });
    if (behaviour.redirects && !url.startsWith('/moved')) {
      response.writeHead(302, { location: `/moved${url}` }).end();
      return;
    }
    const file = files[url.replace('/moved', '').slice(1)];
    const status = behaviour.status?.(number) ?? (file === undefined ? 404 : undefined);
    if (status !== undefined || file === undefined) {
      response.writeHead(status ?? 404).end();
      return;
    }
    const takes = behaviour.takesRanges ?? true;
    const from = takes ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const body = file.subarray(from);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length, ...range });
    const [cut, stall] = [behaviour.cutAfter?.(number), behaviour.stallsAfter?.(number)];
    if (cut !== undefined)
      response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
    else if (stall !== undefined) response.write(body.subarray(0, stall));
    else response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen, close };
}
