import fs from 'node:fs';
import os from 'node:os';
import { startOf } from '../../run/directory/run-lock';

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

/** Whether a process is known to have ended: it can be looked for from here, and is not there. */
export function hasEnded(identity: ProcessIdentity): boolean {
  if (identity.machine === null || identity.machine !== machine() || identity.started === null) return false;
  const started = startOf(identity.pid);
  return started === null ? !isThere(identity.pid) : started !== identity.started;
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

let known: string | null | undefined;

function machine(): string | null {
  known ??= readMachine();
  return known;
}

function readMachine(): string | null {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}
