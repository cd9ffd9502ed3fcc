import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { InputError } from '../../../core/errors';
import { codeOf } from '../../../core/file-failures';
import { RequestProblem } from '../request-problem';
import { Guard, isLoopback, newToken, reachableName } from './guard';
import { securityHeaders } from './headers';

/** Where something is served. */
export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free; null for the usual one, or the next free one where that is taken. */
  readonly port: number | null;
  /** The port that is taken where none is named. */
  readonly usualPort: number;
  /** Is told what the server itself failed by. */
  readonly complain: (line: string) => void;
}

export interface Listening {
  /** To be opened in a browser. */
  readonly address: string;
  close(): Promise<void>;
}

/** How many ports are tried from the usual one on. */
const portsTried = 20;

const mostConnections = 512;

/**
 * Has requests answered that the guard lets in.
 * @throws InputError where the port is taken, or no host is named.
 */
export async function listen(
  app: Hono,
  { host, port, usualPort, complain }: ListenOptions,
): Promise<Listening> {
  // The system would listen everywhere.
  if (host.trim() === '')
    throw new InputError({
      what: 'The server cannot listen at a host without a name',
      got: host,
      legal: 'a name or an address, such as 127.0.0.1; 0.0.0.0 for all of this machine',
      advice: 'Leave --host out: it is then of this machine alone',
    });
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const limits = { maxHeaderSize: 64 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 };
  const server = http.createServer(limits);
  server.maxConnections = mostConnections;
  await listenAtFirst(server, host, port === null ? usualPorts(usualPort) : [port]);
  const { port: taken } = server.address() as AddressInfo;
  const token = isLoopback(host) ? null : newToken();
  const guard = new Guard({ host, port: taken, token });
  server.on('request', (request, response) => {
    if (admits(guard, request, response, complain)) void answer(request, response);
  });
  const name = reachableName(host);
  const at = `http://${net.isIPv6(name) ? `[${name}]` : name}:${taken}/`;
  return { address: token === null ? at : `${at}?token=${token}`, close: () => closed(server) };
}

const usualPorts = (first: number): number[] => Array.from({ length: portsTried }, (_, i) => first + i);

/** Whether a request is let in; whoever is not has the answer already. */
function admits(
  guard: Guard,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  complain: (line: string) => void,
): boolean {
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
    const { status, problem } = refusal(error, complain);
    response.writeHead(status, {
      ...securityHeaders('/api/'),
      'content-type': 'application/json',
      'cache-control': 'no-store',
      connection: 'close',
      ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(problem));
  }
  return false;
}

/** An error that is thrown in here would end the process. */
function refusal(error: unknown, complain: (line: string) => void): RequestProblem {
  if (error instanceof RequestProblem) return error;
  complain(`a request failed by a fault of the server: ${(error as Error).stack}`);
  return new RequestProblem(500, {
    what: 'The server failed to answer',
    advice: 'What it failed by stands where it was started',
  });
}

async function listenAtFirst(server: http.Server, host: string, ports: readonly number[]): Promise<void> {
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
