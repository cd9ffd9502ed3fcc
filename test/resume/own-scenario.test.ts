import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, type Finished, onlyRun, repository, snapshot, start } from '../cli/command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-own-'));
let count = 0;
const newFolder = () => fs.mkdtempSync(path.join(home, `${count++}-`));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const runsOf = (folder: string) => path.join(folder, 'runs');
const run = (folder: string, ...more: string[]): Promise<Finished> =>
  command('run', path.join(folder, 'my-scenario.js'), '--name', 'same', '--runs', runsOf(folder), ...more);

/**
 * A scenario in two parts that draws random numbers in its steps, writes metrics and warns outside of them, and
 * fails once in step 2 of the part that the file `fail` names.
 */
function writeDrawing(folder: string): void {
  fs.writeFileSync(
    path.join(folder, 'my-scenario.js'),
    `const { existsSync, readFileSync, rmSync } = require('node:fs');
    const { z } = require('${repository}/node_modules/zod');
    exports.default = {
      name: 'drawing', question: 'Which numbers are drawn?', config: z.strictObject({}),
      presets: { smoke: {}, cpu: {}, paper: {} },
      schedule: () => ({ plan: { phases: [{ beta: 0, steps: 1 }], stride: 1 }, tasks: 1 }),
      async run({ random, metric, warn, repeat }) {
        const drawn = [random.stream('setup').uniform()];
        metric({ setup: drawn[0] });
        warn('before the parts');
        for (const label of ['first', 'second']) {
          await repeat({
            label, total: 4,
            async step(i) {
              const failing = ${JSON.stringify(path.join(folder, 'fail'))};
              if (i === 2 && existsSync(failing) && readFileSync(failing, 'utf8') === label) {
                rmSync(failing);
                throw new RangeError('once');
              }
              drawn.push(random.stream('steps').normal());
              metric({ label, i, drawn: drawn.at(-1) });
            },
            save: () => ({ drawn }),
            restore: (state) => { drawn.splice(0, drawn.length, ...state.drawn); },
          });
          drawn.push(random.stream('between').uniform());
          metric({ after: label, drawn: drawn.at(-1) });
        }
        return { summary: { drawn }, report: String(drawn.length) };
      },
    };`,
  );
}

describe('a scenario of the user’s own', () => {
  test.each(['first', 'second'])(
    'draws and records the same when it failed in its %s part and was resumed',
    async (part) => {
      const folder = newFolder();
      writeDrawing(folder);
      expect(await run(folder, '--quiet')).toMatchObject({ status: 0 });
      const whole = snapshot(onlyRun(runsOf(folder)));
      expect(whole['metrics.ndjson']!.trim().split('\n')).toHaveLength(11);
      expect(JSON.parse(whole['summary.json']!)).toMatchObject({ warnings: ['before the parts'] });
      fs.rmSync(runsOf(folder), { recursive: true });

      fs.writeFileSync(path.join(folder, 'fail'), part);
      expect(await run(folder, '--quiet')).toMatchObject({ status: 1 });
      const directory = onlyRun(runsOf(folder));
      expect(await command('resume', directory, '--quiet')).toEqual({ status: 0, out: '', err: '' });
      expect(snapshot(directory)).toEqual(whole);
    },
  );

  test('that throws an error of its own exits 1, says which, shows where, and keeps what was recorded', async () => {
    const folder = newFolder();
    writeDrawing(folder);
    fs.writeFileSync(path.join(folder, 'fail'), 'second');
    const { status, out, err } = await run(folder);
    const directory = onlyRun(runsOf(folder));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain(
      `metaplast: Scenario "drawing" failed: RangeError: once. What was recorded so far is in ${directory}.\n`,
    );
    expect(err).toMatch(/\n +at .*my-scenario\.js/);
    const kept = snapshot(directory);
    expect(kept['metrics.ndjson']!.trim().split('\n')).toHaveLength(8);
    expect(Object.keys(kept)).toContain(path.join('checkpoints', '000006.ckpt'));
    expect(Object.keys(kept)).not.toContain('summary.json');
  });

  test('records no trace row twice, whether the simulation ran before the first part or in it', async () => {
    const folder = newFolder();
    fs.writeFileSync(
      path.join(folder, 'my-scenario.js'),
      simulating(path.join(folder, 'fail'), 'src/index.ts'),
    );
    expect(await run(folder, '--quiet')).toMatchObject({ status: 0, err: '' });
    const whole = snapshot(onlyRun(runsOf(folder)));
    fs.rmSync(runsOf(folder), { recursive: true });
    fs.writeFileSync(path.join(folder, 'fail'), '');
    expect(await run(folder, '--quiet')).toMatchObject({ status: 1 });
    const directory = onlyRun(runsOf(folder));
    expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0, err: '' });
    expect(snapshot(directory)).toEqual(whole);
  });
});

/** One synapse that runs one task before its only part, and one in each step; fails or waits in step 1 where a file says so. */
const simulating = (failing: string, from: string) => `
  const { existsSync, rmSync } = require('node:fs');
  const { z } = require('${repository}/node_modules/zod');
  const m = require('${repository}/${from}');
  const batch = (y) => ({ samples: 1, inputs: 1, targets: 1, x: Float64Array.of(1), y: Float64Array.of(y) });
  exports.default = m.defineScenario({
    name: 'simulating', question: 'Does it go on?',
    config: z.strictObject({ rate: z.number().default(0.02).describe('learning rate') }),
    presets: { smoke: {}, cpu: {}, paper: {} },
    schedule: () => ({ plan: { phases: [{ beta: 0, steps: 50 }, { beta: 0.1, steps: 50 }], stride: 10 }, tasks: 4 }),
    async run({ config, record, repeat, signal, engine, rules, warn }) {
      const phase = { optimizer: m.sgd({ rate: config.rate }), steps: 50 };
      const simulation = m.simulate({
        network: m.defineNetwork({ input: [1], layers: [m.dense(1, 1)], loss: m.mse, synapse: m.complexSynapse }),
        task: m.makeTask({ name: 'own', train: batch(1), heldOut: batch(-1) }),
        rule: m.contrastive({ estimator: m.forward(0.1), free: phase, nudged: phase }),
        meta: { optimizer: m.sgd({ rate: 0.1 }) }, initial: { lambda: 0.5 }, stride: 10, engine, rules, warn,
      });
      record(simulation, 'chunks', { variables: ['phi'], synapses: 'all', at: 'step' });
      record(simulation, 'some', { variables: ['lambda'], synapses: [1], at: 'phase-end', every: 3 });
      await simulation.metaStep(signal);
      await repeat({
        label: 'own', total: 3,
        async step(i) {
          const { loss } = await simulation.metaStep(signal);
          if (i === 1 && existsSync(${JSON.stringify(failing)})) {
            rmSync(${JSON.stringify(failing)});
            throw new Error('once');
          }
          return 'loss ' + loss.train;
        },
        save: () => simulation.save(), restore: (state) => simulation.restore(state),
      });
      return { summary: { lambda: [...simulation.population.values('lambda')] }, report: 'done' };
    },
  });`;

describe('a scenario in TypeScript, which loads metaplast’s sources instead of what is installed,', () => {
  const folder = newFolder();
  const runs = runsOf(folder);
  const options = ['--rules', 'plain', '--quiet'];
  let rate: string;
  beforeAll(() => {
    const source = `const typed: number = 1;\n${simulating(path.join(folder, 'fail'), 'src/index')}`;
    fs.writeFileSync(path.join(folder, 'my-scenario.ts'), source);
  });

  test('gets the same typed errors: divergence is told with its moment and advice, and no stack trace', async () => {
    const { status, err } = await start(
      ['run', './my-scenario.ts', '--set', 'rate=9', '--runs', runsOf(newFolder()), ...options],
      folder,
    ).ended;
    expect(status).toBe(1);
    expect(err).toMatch(
      /^metaplast: Learning diverged in task "own", free phase \(beta = 0\), at step \d+: .*Try a learning rate of 0\.\d+ \(it was 9\)/,
    );
    expect(err).not.toMatch(/\n +at /);
    rate = /Try a learning rate of (\S+)/.exec(err)![1]!;
  });

  test('runs by its path, at the rate that was advised, and is resumed by its directory', async () => {
    fs.writeFileSync(path.join(folder, 'fail'), '');
    const advised = ['--set', `rate=${rate}`, '--runs', runs];
    const failed = await start(['run', './my-scenario.ts', ...advised, ...options], folder).ended;
    expect(failed.status).toBe(1);
    expect(failed.err).toMatch(/Scenario "simulating" failed: Error: once/);
    const resumed = await start(['resume', onlyRun(runs), '--json', '--quiet'], folder).ended;
    expect(resumed).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(resumed.out)).toMatchObject({ lambda: expect.any(Array), runDirectory: onlyRun(runs) });
  });
});
