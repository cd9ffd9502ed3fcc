import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const onPath = (): string[] => (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);

/** Debian keeps PostgreSQL's programs out of the PATH, in a folder for each version; the newest first. */
function debian(): string[] {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).filter((name) => /^\d+$/.test(name)) : [];
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => path.join(root, version, 'bin'));
}

const findIn = (folders: readonly string[], name: string): string | undefined =>
  folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));

/** Where redis-server is; undefined where there is none. */
export const findRedis = (): string | undefined => findIn(onPath(), 'redis-server');

/** The folder with PostgreSQL's programs; undefined where there is none. */
export const findPostgres = (): string | undefined =>
  [...onPath(), ...debian()].find(
    (folder) => existsSync(path.join(folder, 'postgres')) && existsSync(path.join(folder, 'initdb')),
  );

/** `describe` for what needs a server: where that is not installed it is skipped, with a line saying so. */
export function describeWith(name: string, program: string | undefined): typeof describe.skip {
  if (program === undefined) console.warn(`What needs ${name} is not tested: there is none here`);
  return program === undefined ? describe.skip : describe;
}
