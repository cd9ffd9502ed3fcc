import fs from 'node:fs';
import path from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';
import { type Damage, damages, filesBelow, oddities } from './damages';

/** What a command left behind. */
interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** One command on a run of which one file is damaged. */
interface Trial extends Ended {
  readonly what: string;
}

export interface SweepResult {
  /** How many trials ended in each way. */
  readonly counts: Readonly<Record<Ending, number>>;
  /** What must not be, told one by one. */
  readonly problems: readonly string[];
}

type Ending = 'as if undamaged' | 'mended, and told' | 'refused' | 'wrong';

const readers: readonly (readonly string[])[] = [
  ['trace', 'RUN'],
  ['trace', 'RUN', '--json'],
  ['trace', 'RUN', 'chunks'],
  ['trace', 'RUN', 'ends', '--json'],
  ['diagnose', 'RUN', '--json'],
];

/** Runs a command line in this process. */
export async function ended(argv: readonly string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const { write } = process.stderr;
  process.stderr.write = ((text: string) => {
    err += text;
    return true;
  }) as typeof write;
  try {
    const status = await runCommandLine(argv, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { status, out, err };
  } finally {
    process.stderr.write = write;
  }
}

/** Every file's bytes; of the manifest, what tells of no seconds. */
function contents(directory: string): Map<string, string> {
  const file = (name: string): string => {
    const text = fs.readFileSync(path.join(directory, name), 'latin1');
    if (name !== 'manifest.json') return text;
    const lines = text.split('\n').filter((line) => !/^ {4}"timing\.json": |^ {2}"sha256": /.test(line));
    return lines.join('\n');
  };
  return new Map(
    filesBelow(directory)
      .filter((name) => name !== 'timing.json')
      .map((name) => [name, file(name)]),
  );
}

function differing(a: Map<string, string>, b: Map<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

/** A copy of a folder, which is made as it was again by writing what has changed. */
function copyOf(folder: string, at: string): { renew(): void } {
  fs.cpSync(folder, at, { recursive: true });
  const whole = new Map(filesBelow(folder).map((name) => [name, fs.readFileSync(path.join(folder, name))]));
  const isWhole = (name: string, bytes: Buffer): boolean => {
    try {
      return fs.lstatSync(path.join(at, name)).isFile() && fs.readFileSync(path.join(at, name)).equals(bytes);
    } catch {
      return false;
    }
  };
  return {
    renew() {
      for (const name of fs.readdirSync(at, { recursive: true }) as string[])
        if (!fs.existsSync(path.join(folder, name)))
          fs.rmSync(path.join(at, name), { recursive: true, force: true });
      for (const [name, bytes] of whole) {
        if (isWhole(name, bytes)) continue;
        fs.rmSync(path.join(at, name), { recursive: true, force: true });
        fs.writeFileSync(path.join(at, name), bytes);
      }
    },
  };
}

/**
 * Damages every file of a run in every way, one at a time, and lets every command that reads a run read it. Each has to end as if nothing
 * were damaged, or to tell what it mended, or to refuse.
 * @param directory The run; it stays as it is.
 * @param whole A finished run of the same settings: what a resume has to come to.
 * @param room A folder for copies, the same length of path each, since outputs name it.
 */
export async function sweep(
  directory: string,
  whole: string,
  room: string,
  { flips, odd = false }: { flips: number; odd?: boolean },
): Promise<SweepResult> {
  const counts = { 'as if undamaged': 0, 'mended, and told': 0, refused: 0, wrong: 0 };
  const problems: string[] = [];
  const at = path.join(room, 'run');
  const { renew } = copyOf(directory, at);
  const on = (argv: readonly string[]) => ended(argv.map((word) => (word === 'RUN' ? at : word)));
  const resume = ['resume', 'RUN', '--json'];
  const plot = ['plot', 'RUN'];
  const drawn = path.join(room, 'drawn');
  const drawing = ['plot', 'RUN', '--synapse', '1', '--json', '--out', drawn];

  const reading = new Map<string, Ended>();
  for (const argv of [...readers, drawing, plot]) reading.set(argv.join(' '), await on(argv));
  const [undamaged, pictures] = [contents(at), contents(drawn)];
  reading.set(resume.join(' '), await on(resume));
  const end = contents(whole);
  const finished = differing(contents(at), end);
  if (finished.length > 0) problems.push(`a resume of the undamaged run leaves other files: ${finished}`);

  const count = (trial: Trial, ending: Ending) => {
    counts[ending]++;
    if (ending === 'wrong') problems.push(`${trial.what}: status ${trial.status}\n${trial.out}${trial.err}`);
  };
  const judge = (trial: Trial, expected: Ended, left: string[]): Ending => {
    if (/\n +at |unexpected error/.test(trial.err)) return 'wrong';
    if (trial.status === 2 && trial.out === '' && trial.err.startsWith('metaplast: ')) return 'refused';
    const told = trial.err
      .split('\n')
      .filter((line) => line.startsWith('warning: ') && !expected.err.includes(line));
    const untold = left.filter((name) => !told.some((line) => line.includes(name)));
    if (trial.status !== expected.status || untold.length > 0) return 'wrong';
    if (told.length > 0 && trial.what.includes('diagnose')) return 'mended, and told';
    if (trial.out !== expected.out) return 'wrong';
    return told.length > 0 ? 'mended, and told' : 'as if undamaged';
  };

  const kinds: Damage[] = [...damages(flips), ...(odd ? oddities : [])];
  for (const file of filesBelow(directory)) {
    for (const { name, spoil } of kinds) {
      renew();
      if (!spoil(path.join(at, file))) continue;
      const spoilt = contents(at);
      const what = (argv: readonly string[]) => `${argv.join(' ')}, ${file} ${name}`;
      for (const argv of readers) {
        const trial = { what: what(argv), ...(await on(argv)) };
        count(trial, judge(trial, reading.get(argv.join(' '))!, []));
      }
      fs.rmSync(drawn, { recursive: true });
      const synapse = { what: what(drawing), ...(await on(drawing)) };
      const others = synapse.status === 0 ? differing(contents(drawn), pictures) : [];
      count(synapse, judge(synapse, reading.get(drawing.join(' '))!, others));
      fs.mkdirSync(drawn, { recursive: true });
      const changed = differing(contents(at), spoilt);
      if (changed.length > 0) problems.push(`a reader has changed ${changed}, ${file} ${name}`);
      const again = { what: what(plot), ...(await on(plot)) };
      const figures = /^(plots\/.*\.(csv|svg|png)|manifest\.json)$/;
      const left =
        again.status === 0 ? differing(contents(at), undamaged).filter((other) => figures.test(other)) : [];
      count(again, judge(again, reading.get(plot.join(' '))!, left));
      renew();
      spoil(path.join(at, file));
      const before = contents(at);
      const trial = { what: what(resume), ...(await on(resume)) };
      const goal = trial.status === 0 ? end : before;
      count(trial, judge(trial, reading.get(resume.join(' '))!, differing(contents(at), goal)));
    }
  }
  return { counts, problems };
}
