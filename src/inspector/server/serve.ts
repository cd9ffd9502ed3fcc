import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { InputError } from '../../core/errors';
import { codeOf } from '../../core/file-failures';
import { openServedFolder } from './files/served-folder';
import { inspectorApp } from './http/app';
import { Inspector } from './inspector';

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

/** The port that is taken where none is named, and how many after it are tried. */
const usualPort = 4747;
const portsTried = 20;

/**
 * Serves a folder of runs.
 * @throws InputError where the folder is missing, or the port is taken.
 */
export async function serve({ folder, host, port, complain }: ServeOptions): Promise<Served> {
  const inspector = new Inspector(openServedFolder(folder));
  const app = inspectorApp(inspector, complain);
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = http.createServer(
    { maxHeaderSize: 64 * 1024 },
    (request, response) => void answer(request, response),
  );
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    inspector,
    close: () => closed(server),
  };
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
