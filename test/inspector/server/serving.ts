import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type Served, serve } from '../../../src/inspector/server/serve';

/** A folder for runs, and beside it one whose content nobody may see. */
export interface Grounds {
  readonly runs: string;
  readonly outside: string;
}

/** The text in the files outside. */
export const secret = 'nobody may see this';

export function makeGrounds(): Grounds {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-inspect-')));
  const grounds = { runs: path.join(folder, 'runs'), outside: path.join(folder, 'outside') };
  for (const each of Object.values(grounds)) fs.mkdirSync(each);
  for (const name of ['secret.txt', 'summary.json', 'report.txt', 'figure.svg'])
    fs.writeFileSync(path.join(grounds.outside, name), JSON.stringify({ secret }));
  return grounds;
}

/** A server in this process. */
export interface Serving {
  readonly served: Served;
  readonly port: number;
  /** What it complained of, which is a fault of its own. */
  readonly complaints: string[];
  get(address: string, headers?: Record<string, string>): Promise<Response>;
  json<T>(address: string): Promise<T>;
  /** Sends these bytes, and gives all that comes back until the connection ends. */
  raw(text: string): Promise<string>;
}

export async function serving(folder: string, host = '127.0.0.1', page?: string): Promise<Serving> {
  const complaints: string[] = [];
  const complain = (line: string) => void complaints.push(line);
  const served = await serve({ folder, host, port: 0, complain, page });
  const port = Number(new URL(served.address).port);
  const get = (address: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${address}`, { headers, redirect: 'manual' });
  const json = async <T>(address: string): Promise<T> => {
    const response = await get(address);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return { served, port, complaints, get, json, raw: (text) => exchange(port, text) };
}

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    let heard = '';
    socket.on('data', (part) => {
      heard += part.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

/** The status of an answer that came as bytes; null where there was none. */
export const statusOf = (heard: string): number | null => {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1];
  return status === undefined ? null : Number(status);
};
