import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';
import { formatManifest, type Manifest, parseManifest } from '../../src/run/directory/manifest';

export const repository = path.resolve(__dirname, '../..');
const main = path.join(repository, 'dist/src/cli/main.js');

/** What a command left behind. */
export interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process; what a run's progress writes to stderr is caught too. */
export async function command(...argv: string[]): Promise<Finished> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  try {
    return { status: await runCommandLine(argv, terminal), out, err };
  } finally {
    stderr.mockRestore();
  }
}

/** A process of its own, with what it has written so far and its end. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
}

/** Starts `metaplast` as users do, from the build. */
export function start(argv: readonly string[], cwd = repository, files: OutputFiles = {}): Running {
  return startProcess([main, ...argv], cwd, files);
}

/** Files that a process writes to, where its output is not to be caught. */
interface OutputFiles {
  readonly out?: string;
  readonly err?: string;
}

/** Starts Node with these arguments. */
export function startProcess(argv: readonly string[], cwd = repository, files: OutputFiles = {}): Running {
  const written = [files.out, files.err].map((file) =>
    file === undefined ? 'pipe' : fs.openSync(file, 'w'),
  );
  // The environment as this test has set it, which Jest keeps apart from the process's.
  const child = spawn(process.execPath, argv, { cwd, env: process.env, stdio: ['ignore', ...written] });
  for (const descriptor of written) if (typeof descriptor === 'number') fs.closeSync(descriptor);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Finished>((resolve) => {
    child.once('close', (status) => resolve({ status, out, err }));
  });
  return { child, ended };
}

/** Returns once a file is there, or the process that should make it has ended. */
export async function appears(file: string, { child }: Running): Promise<void> {
  while (!fs.existsSync(file) && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * Every file below a folder, with its bytes, but for `timing.json`: it tells of the clock on the wall. Of manifests, all but what they say
 * of such files.
 * @param volatile Files that tell of the clock.
 */
export function snapshot(
  folder: string,
  volatile: readonly string[] = ['timing.json'],
): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const named = files
    .filter((entry) => entry.isFile() && entry.name !== 'timing.json')
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const content = (file: string): string => {
    const text = fs.readFileSync(file).toString('latin1');
    if (path.basename(file) !== 'manifest.json') return text;
    const lines = text.split('\n').filter((line) => !line.includes('"sha256": "'));
    return lines.filter((line) => !volatile.some((name) => line.includes(`"${name}": `))).join('\n');
  };
  return Object.fromEntries(named.map((file) => [path.relative(folder, file), content(file)]));
}

/** Writes another manifest into a run directory, whole in itself. */
export function rewriteManifest(directory: string, change: (made: Manifest) => Partial<Manifest>): void {
  const file = path.join(directory, 'manifest.json');
  const made = parseManifest(fs.readFileSync(file, 'utf8')) as Manifest;
  fs.writeFileSync(file, formatManifest({ ...made, ...change(made) }));
}

/** The one run directory in a folder of runs. */
export function onlyRun(runs: string): string {
  const [name, ...more] = fs.existsSync(runs) ? fs.readdirSync(runs) : [];
  expect(more).toEqual([]);
  return path.join(runs, name ?? 'none');
}

/** Starts a run, and returns once it has written a file. */
export async function startedUntil(
  runs: string,
  argv: readonly string[],
  file: string,
): Promise<{ running: Running; directory: string }> {
  const running = start([...argv, '--runs', runs]);
  while (!fs.existsSync(runs) || fs.readdirSync(runs).length === 0) {
    if (running.child.exitCode !== null) throw new Error((await running.ended).err);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const directory = onlyRun(runs);
  await appears(path.join(directory, file), running);
  return { running, directory };
}

/** On a busy machine the run may be over before it can be killed; it must not have failed. */
export async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL');
  expect([null, 0]).toContain((await ended).status);
}
