import fs from 'node:fs';
import { readModules, writeModules } from './code-cache/cached-modules';
import type { CodeTask } from './code-cache/code-cache';
import { recordModules } from './code-cache/record-modules';
import { replayModules } from './code-cache/replay-modules';

/** Where a trial's process has the cache of code open. */
const descriptor = 4;

/**
 * Where the process of a trial begins: with how it loads code, before it loads any.
 * @returns What keeps the code that was loaded by then, where that is to be done.
 */
function prepare(task: CodeTask | undefined): () => void {
  if (task === 'record') {
    const recorded = recordModules();
    return () => writeModules(descriptor, recorded());
  }
  if (task === 'replay') {
    replayModules(readModules(descriptor));
    fs.closeSync(descriptor);
  }
  return () => {};
}

const keepCode = prepare(process.argv[2] as CodeTask | undefined);
void import('./trial-process').then(({ awaitOrder }) => awaitOrder(keepCode));
