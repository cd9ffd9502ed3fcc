import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const repository = path.resolve(__dirname, '../..');

/** Whether processes find koffi. */
export type Library = 'koffi' | 'hidden';

/** What is tried, with how many threads. */
export interface Cell {
  readonly trials: number;
  readonly workers: number;
  readonly library: Library;
}

/** Hears how a trial ended. */
export type Count = (how: string) => void;

/** Loaded first by every thread of a process, hides koffi from it. */
const hiding = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-stress-')), 'hide-koffi.js');
fs.writeFileSync(
  hiding,
  `const { Module } = require('node:module');
  const load = Module._load;
  Module._load = (name, ...rest) => {
    if (name === 'koffi') throw new Error('hidden');
    return load(name, ...rest);
  };`,
);
process.on('exit', () => fs.rmSync(path.dirname(hiding), { recursive: true, force: true }));

/** Whoever does not end, or write, for so many milliseconds hangs. */
const patience = 60_000;

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A process of Node's: how it ends, `hang` where it neither ends nor writes for a minute, and what it wrote.
 * @param heard hears each line of stdout
 */
export function startNode(argv: readonly string[], library: Library, heard: Count = () => {}) {
  const hidden = library === 'hidden' ? ['-r', hiding] : [];
  const child = spawn(process.execPath, [...hidden, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [rest, err] = ['', ''];
  let last = performance.now();
  child.stdout.on('data', (chunk) => {
    last = performance.now();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) heard(line);
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const closed = new Promise<string>((resolve) => {
    child.once('close', (status, signal) => resolve(signal ?? `status ${status}`));
  });
  /** Waits for its end, which is due from now on. */
  const end = async (): Promise<{ how: string; err: string }> => {
    last = performance.now();
    let hangs = false;
    const watch = setInterval(() => {
      if (performance.now() - last < patience) return;
      hangs = true;
      child.kill('SIGKILL');
    }, 500);
    const how = await closed;
    clearInterval(watch);
    return { how: hangs ? 'hang' : how, err };
  };
  return { child, end };
}

/** Runs code in a process of its own that writes how each of its trials ended; counts those, and how it ended where that was not well. */
export async function trialsOf(code: string, library: Library, count: Count): Promise<void> {
  const { how, err } = await startNode(['-e', code], library, count).end();
  if (how === 'status 0') return;
  console.error(`\n${how}\n${err}`);
  count(how);
}

/** Two at a time. */
export async function inTurn(trials: number, trial: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const go = async (): Promise<void> => {
    while (next < trials) await trial(next++);
  };
  await Promise.all([go(), go()]);
}
