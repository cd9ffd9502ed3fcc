import { readFileSync } from 'node:fs';

/** What a WebAssembly.Memory takes of a process's addresses, however small it is: V8 puts guards around it (measured, Node 20). */
const addressesOfMemory = 10 * 2 ** 30;

/**
 * How many bytes of addresses this process may have (`ulimit -v`): Infinity where there is no limit, or the system does not say.
 * @param limits what Linux says of the limits of a process
 */
export function addressSpace(limits = limitsOfThisProcess()): number {
  const soft = /^Max address space\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? Infinity : Number(soft);
}

function limitsOfThisProcess(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

/** Why WebAssembly may have found no memory here, for an error. */
export function whyNoMemory(): string {
  const limit = addressSpace();
  const needs = `each memory of WebAssembly takes ${inGiB(addressesOfMemory)} of addresses`;
  return limit === Infinity ? needs : `${needs}, and this process may have ${inGiB(limit)} (ulimit -v)`;
}

const inGiB = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(3))} GiB`;
