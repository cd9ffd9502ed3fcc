import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, type Finished, onlyRun } from './command';
import { type OwnStream, writeOwnStream } from './own-stream';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-odd-'));
const newFolder = () => fs.mkdtempSync(path.join(home, 'own-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const small = ['metaSteps=4', 'batch=2', 'unseen.tasks=3', 'unseen.every=5', 'unseen.steps=[0,5]'];
const settings = ['--rules', 'plain', ...small.flatMap((setting) => ['--set', setting])];

interface OddRun extends Finished {
  readonly directory: string;
  /** What is in `summary.json`; null where the run has not come to its end. */
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
  readonly summary: any;
}

async function run(stream: OwnStream, ...more: string[]): Promise<OddRun> {
  const folder = newFolder();
  const runs = path.join(folder, 'runs');
  const finished = await command('run', writeOwnStream(folder, stream), '--runs', runs, ...settings, ...more);
  const directory = onlyRun(runs);
  const file = path.join(directory, 'summary.json');
  const summary = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
  return { ...finished, directory, summary };
}

const notANumber = 'data.train.y[0] = NaN;';
const nothingHeldOut =
  'data.heldOut = { ...data.heldOut, samples: 0, x: new Float64Array(0), y: new Float64Array(0) };';
/** Of which not even the first gradient is finite. */
const diverging = 'data.train.y.fill(1e200);';
const from = (first: number, statements: string) => `if (i >= ${first}) { ${statements} }`;

/** Its lines that tell of skipped tasks. */
const skippedIn = (err: string) => err.split('\n').filter((line) => line.includes('skipped'));

describe('skipped tasks', () => {
  test('are told on stderr as they come, each by its number and its reason', async () => {
    const { status, err } = await run({ spoil: from(6, notANumber) });
    expect(status).toBe(0);
    const told =
      /^warning: contrastive: task (\d) was skipped: own \1: training set\.y\[0\] must be a finite/;
    expect(skippedIn(err).map((line) => told.exec(line)?.[1])).toEqual(['6', '7']);
  });

  test('are told ten times for each method, and then once that others are counted', async () => {
    const { err, summary } = await run(
      { spoil: from(0, notANumber) },
      ...['--method', 'contrastive,reptile', '--set', 'metaSteps=7'],
    );
    for (const method of ['contrastive', 'reptile']) {
      const told = skippedIn(err).filter((line) => line.startsWith(`warning: ${method}: `));
      expect(told).toHaveLength(11);
      expect(told.at(-1)).toContain('further skipped tasks are only counted');
      expect(summary.methods[method].skipped).toBe(14);
    }
  });

  test('leave stdout to the summary where --json is given', async () => {
    const { out, directory, summary } = await run({ spoil: from(6, notANumber) }, '--json');
    expect(JSON.parse(out)).toEqual({ ...summary, runDirectory: directory });
  });

  test('are counted in the report', async () => {
    const { out } = await run({ spoil: from(6, diverging) });
    expect(out).toContain('  2 tasks were skipped; see the warnings.\n');
  });

  test('in the whole last meta-batch hide nothing of the phases before it', async () => {
    const { out, summary } = await run({ spoil: from(6, notANumber) });
    expect(summary.methods.contrastive).toMatchObject({
      ...{ learned: 6, skipped: 2 },
      phases: { definedBy: 'step budget', lastResidual: { free: expect.any(Number) } },
    });
    expect(out).toContain('The step budget defines the phases: their ends are not claimed to be equilibria.');
  });

  describe('of which there are no others', () => {
    let all: OddRun;
    beforeAll(async () => {
      all = await run({ spoil: from(0, diverging) });
    });

    test('are a run that failed: status 1, why, and not that it is done', () => {
      const { status, out, err, summary } = all;
      expect(status).toBe(1);
      const why =
        /contrastive failed: it learned from none of its 8 tasks, all of which were skipped\. The first: own 0 was skipped: Learning diverged .*engine reference, which is float64\.$/m;
      expect(err.split('\n').at(-2)).toMatch(/^metaplast: Method contrastive failed: /);
      expect(err).toMatch(why);
      expect(summary.failure).toMatch(why);
      expect(out).toMatch(/^Failed in \d/m);
      expect(out).not.toContain('Done');
    });

    test('change nothing, and no figure is drawn of it', () => {
      const { learned, skipped, phases, curve } = all.summary.methods.contrastive;
      expect({ learned, skipped, phases }).toEqual({ learned: 0, skipped: 8, phases: null });
      expect(curve.at(-1).heldOutLoss).toEqual(curve[0].heldOutLoss);
      expect(fs.readdirSync(path.join(all.directory, 'plots'))).toEqual([]);
    });

    test('are a run that failed when it is resumed as well', async () => {
      const { status, out, err } = await command('resume', all.directory);
      expect(status).toBe(1);
      expect(out).toContain('The run was finished already; nothing was changed.');
      expect(err).toContain('metaplast: Method contrastive failed: ');
    });
  });
});

test.each([
  ['a target is not a number', notANumber, 2],
  ['nothing is held out', nothingHeldOut, 2],
  ['learning diverges', diverging, 1],
])('with --strict one line names the task where %s', async (_, spoil, status) => {
  const finished = await run({ spoil: from(3, spoil) }, '--strict', '--quiet');
  expect(finished).toMatchObject({ status, out: '', summary: null });
  expect(finished.err).toMatch(/^metaplast: [^\n]*\bown 3\b[^\n]*\n$/);
});

describe('a stream that ends', () => {
  test.each([
    ['at once', 0, 1],
    ['between two meta-batches', 4, 3],
    ['within a meta-batch', 5, 4],
    ['within the last meta-batch', 7, 4],
  ])('%s is told with where that was', async (_, tasks, metaStep) => {
    const { status, out, summary } = await run({ spoil: from(tasks, 'return null;') });
    expect(status).toBe(0);
    expect(summary.warnings).toEqual([
      `contrastive: the stream ended after ${tasks} tasks, in meta-step ${metaStep} of 4`,
    ]);
    expect(summary.methods.contrastive).toMatchObject({ tasks, streamEnded: true });
    expect(summary.methods.contrastive.curve.at(-1).tasks).toBe(tasks);
    expect(out).toContain('  The stream ended early; see the warnings.\n');
  });

  test('with the very last task that was wanted is no early end', async () => {
    const { summary } = await run({ spoil: from(8, 'return null;') }, '--quiet');
    expect(summary.warnings).toEqual([]);
    expect(summary.methods.contrastive).toMatchObject({ tasks: 8, streamEnded: false });
  });
});

describe('unseen tasks', () => {
  test('that are bad are left out of the judging, with a warning', async () => {
    const { status, summary } = await run({ spoilUnseen: `if (i === 1) { ${nothingHeldOut} }` }, '--quiet');
    expect({ status, unseen: summary.unseenTasks }).toEqual({ status: 0, unseen: 2 });
    expect(summary.warnings).toEqual([expect.stringMatching(/^unseen task 1 was left out: own 1: held-out/)]);
  });

  test('that are fewer than asked for are told', async () => {
    const { status, summary } = await run({ spoilUnseen: from(2, 'return null;') }, '--quiet');
    expect({ status, unseen: summary.unseenTasks }).toEqual({ status: 0, unseen: 2 });
    expect(summary.warnings).toEqual(['there are only 2 unseen tasks, of 3 asked for']);
  });
});

test('what is watched inside tasks can be printed, column by column', async () => {
  const runs = newFolder();
  const methods = ['--method', 'contrastive,modulation', '--set', 'hidden=4', '--set', 'watch=[1,5]'];
  await command('run', 'sinusoid', '--runs', runs, ...settings, ...methods, '--quiet');
  const printed = async (trace: string) => {
    const { out } = await command('trace', onlyRun(runs), trace);
    const [head, ...rows] = out.trim().split('\n');
    return { columns: head!.split(',').slice(5), rows: rows.length };
  };
  expect(await printed('contrastive-inside-tasks')).toEqual({ columns: ['phi[1]', 'phi[5]'], rows: 8 * 3 });
  // Gain and threshold of neuron 1 of the first hidden layer, and the same of the second.
  expect(await printed('modulation-inside-tasks')).toEqual({
    columns: ['phi[1]', 'phi[5]', 'phi[9]', 'phi[13]'],
    rows: 8 * 2,
  });
});
