import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { asideName, isAsideName } from '../../core/durable-file';
import { InputError } from '../../core/errors';
import { codeOf, writeFailure } from '../../core/file-failures';
import { identityOf, isGone, type ProcessIdentity, placeOf } from './process-identity';

/** Who holds a lock. `token` is different for every lock ever taken. */
interface Holder extends ProcessIdentity {
  readonly token: string;
}

/**
 * Makes this process the only one that works in a run directory. A lock whose process is gone (killed, or from before
 * the machine was started) is taken over; a process number in use again by another process does not count as its owner.
 * @returns What gives the lock back; a second call does nothing.
 * @throws InputError where a living process, this one included, holds it.
 */
export function lockRunDirectory(directory: string): () => void {
  return acquire(path.join(directory, '.lock'), directory);
}

/*
 * The lock appears with its whole content at once (a hard link of a file written aside), so it is never half written.
 * A dead process's lock is replaced only under a second lock named after the dead one's token: of many processes that
 * found it dead, one replaces it, and the others then see another token and start over.
 */
function acquire(file: string, directory: string): () => void {
  const own: Holder = { ...identityOf(), token: randomBytes(8).toString('hex') };
  const aside = asideName(path.join(directory, 'lock'));
  try {
    fs.writeFileSync(aside, `${JSON.stringify(own)}\n`, { flag: 'wx' });
    while (!linked(aside, file)) {
      const holder = read(file);
      if (holder === undefined) continue; // Given back just now.
      if (holder !== null && isAlive(holder)) throw held(directory, file, holder);
      const released = acquire(`${file}.${holder?.token ?? 'unreadable'}`, directory);
      try {
        const still = read(file);
        if (still === undefined || still?.token !== holder?.token) continue;
        fs.renameSync(aside, file);
        break;
      } finally {
        released();
      }
    }
  } catch (error) {
    throw writeFailure(file, error);
  } finally {
    fs.rmSync(aside, { force: true });
  }
  return () => {
    if (read(file)?.token === own.token) fs.rmSync(file, { force: true });
  };
}

/** Removes what processes left that were killed while they tried to take the lock; a living one's attempt stays. */
export function removeDeadAttempts(directory: string): void {
  for (const name of fs.readdirSync(directory).filter((entry) => isAsideName(entry, /^lock$/))) {
    const attempt = path.join(directory, name);
    const holder = read(attempt);
    if (holder && !isAlive(holder)) fs.rmSync(attempt, { force: true });
  }
}

/** Where the process is that holds a run directory's lock: alive and seen from here, or on another machine or in another container; null where none holds it. */
export function lockHolder(directory: string): 'here' | 'elsewhere' | null {
  const holder = read(path.join(directory, '.lock'));
  if (!holder || !isAlive(holder)) return null;
  return placeOf(holder) === 'here' ? 'here' : 'elsewhere';
}

/** Takes a run directory's lock from its holder, for whoever knows by other means that this one is gone. */
export function breakLock(directory: string): void {
  fs.rmSync(path.join(directory, '.lock'), { force: true });
}

/** Whether the lock was free and is now this process's. */
function linked(aside: string, file: string): boolean {
  try {
    fs.linkSync(aside, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error))) throw error;
  }
  try {
    // A file system without hard links.
    fs.writeFileSync(file, fs.readFileSync(aside), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The holder; null where the file cannot be understood, undefined where there is none. */
function read(file: string): Holder | null | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    // A link to nothing, or to itself, is there and cannot be understood.
    if (['ENOENT', 'ELOOP'].includes(codeOf(error)))
      return fs.lstatSync(file, { throwIfNoEntry: false }) === undefined ? undefined : null;
    throw new InputError({
      what: `Cannot tell who holds "${file}": ${(error as Error).message}`,
      advice: 'If no process works on the run, remove it',
    });
  }
  try {
    const holder = JSON.parse(text) as Holder;
    const whole = Number.isSafeInteger(holder.pid) && holder.pid > 0 && /^[0-9a-f]{16}$/.test(holder.token);
    // Before metaplast noted containers, `machine` was not there.
    return whole ? { ...holder, machine: holder.machine ?? null } : null;
  } catch {
    return null;
  }
}

/** What cannot be seen from here counts as alive. */
function isAlive(holder: Holder): boolean {
  const place = placeOf(holder);
  return place === 'here' ? !isGone(holder) : place !== 'before a restart';
}

function held(directory: string, file: string, holder: Holder): InputError {
  const there = {
    here: '',
    'another container': ' in another container of this host',
    'before a restart': '',
    'another host': ` on host "${holder.host}"`,
  }[placeOf(holder)];
  return new InputError({
    what: `"${directory}" is in use by process ${holder.pid}${there}`,
    advice: `Wait until it ends or stop it; if you are sure that it is gone, delete "${file}"`,
  });
}
