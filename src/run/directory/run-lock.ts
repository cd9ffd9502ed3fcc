import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { asideName, isAsideName } from '../../core/durable-file';
import { InputError } from '../../core/errors';
import { codeOf, writeFailure } from '../../core/file-failures';

/** Who holds a lock. `token` is different for every lock ever taken. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** The machine's boot and the process's start within it, where the system tells them. */
  readonly started: string | null;
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
  const own: Holder = {
    pid: process.pid,
    host: os.hostname(),
    started: startOf(process.pid),
    token: randomBytes(8).toString('hex'),
  };
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

/** Where the process is that holds a run directory's lock: on this machine and alive, on another one; null where none holds it. */
export function lockHolder(directory: string): 'here' | 'elsewhere' | null {
  const holder = read(path.join(directory, '.lock'));
  if (!holder || !isAlive(holder)) return null;
  return holder.host === os.hostname() ? 'here' : 'elsewhere';
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
    return whole ? holder : null;
  } catch {
    return null;
  }
}

/** Another host's processes cannot be seen from here, so they count as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== os.hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

/** The boot and the start time (clock ticks since it) of a process, or `ended` for a zombie; null where not told. */
export function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

function held(directory: string, file: string, holder: Holder): InputError {
  const there = holder.host === os.hostname() ? '' : ` on host "${holder.host}"`;
  return new InputError({
    what: `"${directory}" is in use by process ${holder.pid}${there}`,
    advice: `Wait until it ends or stop it; if you are sure that it is gone, delete "${file}"`,
  });
}
