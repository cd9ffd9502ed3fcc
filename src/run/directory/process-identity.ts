import fs from 'node:fs';
import os from 'node:os';

/** A process, so that it can be told from one that has its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /**
   * The boot and the process numbers (of a container, it has its own) that `pid` means something in; null where the system does not tell:
   * then nobody elsewhere judges whether the process is alive.
   */
  readonly machine: string | null;
  /** Its start within the boot; null where the system does not tell. */
  readonly started: string | null;
}

/** @param pid Of a process of this machine; this one where left out. */
export function identityOf(pid = process.pid): ProcessIdentity {
  return { pid, host: os.hostname(), machine: machine(), started: startOf(pid) };
}

/** Where a process is, or was, as seen from this one. */
export type Place = 'here' | 'another container' | 'before a restart' | 'another host';

/** Judged by the host's name alone where the system tells no more. */
export function placeOf({ host, machine: its }: ProcessIdentity): Place {
  const own = machine();
  if (host !== os.hostname()) return 'another host';
  if (its === null || own === null || its === own) return 'here';
  const bootOf = (each: string): string => each.split('/')[0]!;
  return bootOf(its) === bootOf(own) ? 'another container' : 'before a restart';
}

/** Whether a process is known to have ended: it can be looked for from here, and is not there. */
export function hasEnded(identity: ProcessIdentity): boolean {
  if (identity.machine === null || identity.machine !== machine() || identity.started === null) return false;
  return isGone(identity);
}

/** Whether a process of this place is not there, or another one has its number. */
export function isGone(identity: Pick<ProcessIdentity, 'pid' | 'started'>): boolean {
  const started = startOf(identity.pid);
  if (started === null || identity.started === null) return !isThere(identity.pid);
  return started !== identity.started;
}

/** Ends a process at once, where it is on this machine and still the same. */
export function killProcess(identity: ProcessIdentity): void {
  if (identity.machine === null || identity.machine !== machine()) return;
  if (identity.started === null || startOf(identity.pid) !== identity.started) return;
  try {
    process.kill(identity.pid, 'SIGKILL');
  } catch {} // It has ended meanwhile.
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The boot and the start time (clock ticks since it) of a process, or `ended` for a zombie; null where not told. */
function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${bootId()}/${fields[19]}`;
  } catch {
    return null;
  }
}

const bootId = (): string => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

let known: string | null | undefined;

function machine(): string | null {
  known ??= readMachine();
  return known;
}

function readMachine(): string | null {
  try {
    return `${bootId()}/${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}
