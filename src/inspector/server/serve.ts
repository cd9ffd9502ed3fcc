import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { InputError } from '../../core/errors';
import { codeOf } from '../../core/file-failures';
import { openServedFolder } from './files/served-folder';
import { inspectorApp } from './http/app';
import { Guard, isLoopback, newToken, reachableName } from './http/guard';
import { securityHeaders } from './http/headers';
import { Inspector } from './inspector';
import { RequestProblem } from './request-problem';

/** How the inspector is served. */
export interface ServeOptions {
  readonly folder: string;
  readonly host: string;
  /** 0 for any that is free; null for the usual one, or the next free one where that is taken. */
  readonly port: number | null;
  /** Is told what the server itself failed by. */
  readonly complain: (line: string) => void;
}

/** An inspector that is served. */
export interface Served {
  /** To be opened in a browser. */
  readonly address: string;
  readonly inspector: Inspector;
  close(): Promise<void>;
}

/** The port that is taken where none is named, and how many are tried from it on. */
const [usualPort, portsTried] = [4747, 20];

const mostConnections = 512;

/**
 * Serves a folder of runs.
 * @throws InputError where the folder is missing, or the port is taken.
 */
export async function serve({ folder, host, port, complain }: ServeOptions): Promise<Served> {
  const inspector = new Inspector(openServedFolder(folder), complain);
  const app = inspectorApp(inspector, complain);
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const limits = { maxHeaderSize: 64 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 };
  const server = http.createServer(limits);
  server.maxConnections = mostConnections;
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  const token = isLoopback(host) ? null : newToken();
  const guard = new Guard({ host, port: taken, token });
  server.on('request', (request, response) => {
    if (admits(guard, request, response)) void answer(request, response);
  });
  const name = reachableName(host);
  const at = `http://${net.isIPv6(name) ? `[${name}]` : name}:${taken}/`;
  return {
    address: token === null ? at : `${at}?token=${token}`,
    inspector,
    close: () => {
      inspector.close();
      return closed(server);
    },
  };
}

/** Whether a request is let in; whoever is not has the answer already. */
function admits(guard: Guard, request: http.IncomingMessage, response: http.ServerResponse): boolean {
  try {
    const sent = guard.admit(request);
    if (sent === null) return true;
    response.writeHead(302, {
      ...securityHeaders('/'),
      location: sent.to,
      'set-cookie': sent.cookie,
      'cache-control': 'no-store',
    });
    response.end();
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    response.writeHead(error.status, {
      ...securityHeaders('/api/'),
      'content-type': 'application/json',
      'cache-control': 'no-store',
      connection: 'close',
      ...(error.status === 405 ? { allow: 'GET, HEAD' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(error.problem));
  }
  return false;
}

async function listen(server: http.Server, host: string, port: number | null): Promise<void> {
  const ports = port === null ? Array.from({ length: portsTried }, (_, i) => usualPort + i) : [port];
  for (const each of ports) {
    try {
      return await listenAt(server, host, each);
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && each !== ports.at(-1)) continue;
      throw new InputError({
        what: `The server cannot listen at ${host}, port ${each}: ${(error as Error).message}`,
        advice: 'Name another port with --port, 0 for any that is free',
      });
    }
  }
}

function listenAt(server: http.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Ends all connections, those on which events are sent among them. */
function closed(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
