import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startProcess } from './child';
import type { Report } from './report';

/** Settings from good to hopeless, of three scenarios: what a user might type. */
const settings: Readonly<Record<string, readonly string[]>> = {
  boston: [
    '',
    'estimator=p4 beta=0.5',
    'beta=3',
    'beta=0.000001',
    'free.steps=300 nudged.steps=100',
    'nudged.rate=9',
    'meta.rate=50',
  ],
  'one-synapse': [
    '',
    'beta=5',
    'beta=-3',
    'beta=1e-14',
    'lambda=0',
    'free.rate=2 nudged.rate=2',
    'free.steps=20 nudged.steps=20',
    'free.tolerance=0.1 nudged.tolerance=0.1',
  ],
  sinusoid: [
    '',
    'contrastive.beta=3',
    'contrastive.beta=0.00001',
    'contrastive.free.steps=5 contrastive.nudged.steps=2',
    'synapse.lambda=0.001',
    'synapse.lambda=300',
    'meta.rate=1',
  ],
};

/** The same for all runs of a scenario, small enough for all to take minutes. */
const sizes: Readonly<Record<string, string>> = {
  boston: 'hidden=4 metaSteps=4 exactChecks=0 synapse.lambda=0.3',
  sinusoid: 'metaSteps=20 unseen.tasks=10 unseen.every=20',
};

/** How a run ended. */
interface Ended {
  /** `failed` where it came to no verdict. */
  readonly verdict: string;
  /** What it says to type, and all that it says about that. */
  readonly words: readonly string[];
  readonly advice: string | null;
}

interface Row {
  readonly scenario: string;
  readonly settings: string;
  readonly seed: number;
  readonly before: string;
  readonly advice: string;
  readonly after: string;
}

/** From the best to the worst. */
const ranks: Readonly<Record<string, number>> = {
  ...{ good: 0, biased: 1, noisy: 1, 'no equilibrium': 2, failed: 3 },
};

/** Runs each setting, takes its advice as it is printed, and runs again. */
export async function followAdvice(seeds: readonly number[], only: string | undefined): Promise<Report> {
  const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-advice-'));
  const rows: Row[] = [];
  try {
    for (const [scenario, all] of Object.entries(settings)) {
      for (const given of all) {
        if (only !== undefined && !`${scenario} ${given}`.includes(only)) continue;
        for (const seed of seeds) {
          const argv = [
            'run',
            scenario,
            ...['--preset', 'smoke'],
            ...set(sizes[scenario] ?? ''),
            ...set(given),
            '--seed',
            String(seed),
          ];
          const before = await ended([...argv, '--runs', runs]);
          const after =
            before.words.length === 0 ? null : await ended([...argv, ...before.words, '--runs', runs]);
          rows.push({
            ...{ scenario, settings: given || '(stock)', seed, before: before.verdict },
            advice: before.words.join(' ') || (before.verdict === 'good' ? 'none needed' : 'none helped'),
            after: after?.verdict ?? '',
          });
          process.stderr.write(`${lineOf(rows.at(-1)!)}\n`);
        }
      }
    }
  } finally {
    fs.rmSync(runs, { recursive: true });
  }
  const given = rows.filter(({ after }) => after !== '');
  const worse = given.filter(({ before, after }) => ranks[after]! > ranks[before]!);
  const mended = given.filter(({ after }) => after === 'good');
  const needed = rows.filter(({ before }) => before !== 'good');
  return {
    data: { rows, needed: needed.length, given: given.length, mended: mended.length, worse: worse.length },
    lines: [
      '| scenario | settings | seed | verdict | advice | verdict when it is taken |',
      '|---|---|---|---|---|---|',
      ...rows.map(lineOf),
      '',
      `${needed.length} verdicts of ${rows.length} were not good; ${given.length} got advice; it mended ${mended.length}, and worsened ${worse.length}`,
    ],
    exitCode: worse.length === 0 && mended.length > needed.length / 2 ? 0 : 1,
  };
}

const set = (text: string): string[] =>
  text
    .split(' ')
    .filter(Boolean)
    .flatMap((setting) => ['--set', setting]);

const lineOf = ({ scenario, settings, seed, before, advice, after }: Row): string =>
  `| ${scenario} | ${settings} | ${seed} | ${before} | ${advice} | ${after} |`;

/** A run in a process of its own, as users have it; advice is read from what is printed. */
async function ended(argv: readonly string[]): Promise<Ended> {
  const { out, err } = await startProcess(argv);
  const printed = /most likely to help: (.*)/.exec(out) ?? /^metaplast: .* Try (--.*)/m.exec(err);
  const verdict = /verdict: ([a-z ]+?) \(/.exec(out)?.[1];
  return {
    verdict: /^metaplast: /m.test(err) || verdict === undefined ? 'failed' : verdict,
    ...{ words: wordsOf(printed?.[1] ?? ''), advice: printed?.[1] ?? null },
  };
}

/** What is to be typed, up to where it is explained. */
function wordsOf(advice: string): string[] {
  const words = advice.split(' (')[0]!.trim();
  return words.startsWith('--') ? words.split(' ') : [];
}
