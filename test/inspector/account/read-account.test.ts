import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { InputError } from '../../../src/core/errors';
import { RandomStreams } from '../../../src/core/random';
import { sinusoids } from '../../../src/data/sinusoid';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { readAccount } from '../../../src/inspector/account/read-account';
import type { Account } from '../../../src/inspector/protocol/traces';
import { contrastive } from '../../../src/learning/contrastive';
import { contrastiveLearner } from '../../../src/learning/contrastive-learner';
import { type Estimator, forward, pForward, symmetric } from '../../../src/learning/estimators';
import type { MetaSettings } from '../../../src/learning/meta-update';
import { adam, heavyBall, nesterov, sgd } from '../../../src/learning/optimizers';
import { type Simulation, simulate } from '../../../src/learning/simulator';
import { StreamLearner } from '../../../src/learning/stream-learner';
import { mlp } from '../../../src/network/mlp';
import { complexSynapse, defineSynapse, type SynapseModel } from '../../../src/synapse/model';
import { plainExecutor } from '../../../src/synapse/plain-executor';
import { makeTask } from '../../../src/tasks/task';
import { TaskStream } from '../../../src/tasks/task-stream';
import { readTraceIndex, record } from '../../../src/trace/recorder';

/** Of other names, with two strengths, in another order. */
const elastic = defineSynapse({
  fast: 'w',
  meta: ['k', 'rest', 'soft'],
  nonNegative: ['k', 'soft'],
  penalty: 'k * (w - rest)^2 / 2 + soft * sqrt(1 + w^2)',
});
/** One whose slow variables move by themselves as well. */
const flowing = defineSynapse({
  fast: 'x',
  meta: { y: {}, z: {}, stiff: { initial: 0.4, nonNegative: true } },
  anchor: 'y',
  penalty: 'stiff * (x - y)^2 / 2',
  flow: { y: '0.1 * (z - y)', z: '0.05 * (y - z)' },
});

const batch = (shift: number) => ({
  ...{ samples: 4, inputs: 2, targets: 1 },
  x: Float64Array.from({ length: 8 }, (_, i) => Math.sin(i + shift)),
  y: Float64Array.from({ length: 4 }, (_, i) => Math.cos(2 * i + shift)),
});

function simulation(
  synapse: SynapseModel,
  estimator: Estimator,
  meta: MetaSettings,
  seed: number,
): Simulation {
  const phase = (steps: number) => ({ optimizer: sgd({ rate: 0.1 }), steps, tolerance: 0 });
  return simulate({
    network: mlp([2, 3, 1], { activation: 'tanh', synapse }),
    task: makeTask({ name: 'small', train: batch(0), heldOut: batch(1) }),
    rule: contrastive({ estimator, free: phase(15), nudged: phase(9) }),
    meta,
    initial: Object.fromEntries(synapse.meta.map((name, i) => [name, 0.3 + 0.2 * i])),
    engine: 'reference',
    rules: plainExecutor(),
    warn: () => {},
    seed,
  });
}

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-account-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Three meta-steps, recorded; then what the record alone says of each synapse at each of them. */
async function accounts(learner: Simulation): Promise<Account[]> {
  const { fast } = learner.population.model;
  const recorders = [
    record(learner, { variables: [fast], synapses: 'all', at: 'phase-end' }, { folder, name: 'ends' }),
    record(
      learner,
      { variables: [fast], synapses: [11, 2, 5], at: 'meta-update', account: true },
      {
        folder,
        name: 'why',
      },
    ),
  ];
  await learner.run({ metaSteps: 3 });
  for (const recorder of recorders) recorder.close();
  await learner.close();
  const index = readTraceIndex(folder);
  return [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => readAccount(folder, index, 'why', row, column)),
  );
}

const optimizers = [sgd, heavyBall, nesterov, adam] as const;

describe('an account of what the rule saw and did', () => {
  it('comes to what the run recorded, whatever synapse, estimator and optimiser: numbers put into the formulas give the change', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(complexSynapse, elastic, flowing),
        fc.constantFrom(forward(0.1), symmetric(0.2), pForward(3, 0.1)),
        fc.constantFrom(...optimizers),
        fc.boolean(),
        fc.integer({ min: 0, max: 1000 }),
        async (synapse, estimator, optimizer, byLogarithm, seed) => {
          fs.rmSync(folder, { recursive: true, force: true });
          fs.mkdirSync(folder);
          const logarithmic = byLogarithm ? [synapse.nonNegative[0]!] : [];
          const meta = { optimizer: optimizer({ rate: 0.05 }), logarithmic };
          for (const account of await accounts(simulation(synapse, estimator, meta, seed))) {
            expect(account.notes).toEqual([]);
            expect(account.variables.map(({ variable }) => variable)).toEqual(synapse.meta);
            for (const { lines, before, after, change } of account.variables) {
              const compared = lines.filter(({ recorded }) => recorded !== null);
              expect(compared.length).toBeGreaterThanOrEqual(2);
              // The same operations in float64, in the same order.
              for (const { value, recorded } of compared) expect(value).toBe(recorded);
              expect(lines.at(-1)!.value).toBe(after);
              expect(change).toBe(after - before);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('follows from one meta-update to the next: a value after is the next one before', async () => {
    const all = await accounts(simulation(elastic, forward(0.1), { optimizer: adam({ rate: 0.05 }) }, 4));
    for (const [i, { variables }] of all.slice(3).entries())
      expect(variables.map(({ before }) => before)).toEqual(all[i]!.variables.map(({ after }) => after));
  });

  it('names the phases by their beta, and has phi at their ends as the run recorded it', async () => {
    const [first] = await accounts(
      simulation(complexSynapse, symmetric(0.2), { optimizer: sgd({ rate: 0.1 }) }, 4),
    );
    expect(first!.equilibria).toEqual([
      { task: 0, phases: [0, 0.2, -0.2].map((beta) => ({ beta, value: expect.any(Number) })) },
    ]);
    const lambda = first!.variables.find(({ variable }) => variable === 'lambda')!;
    expect(lambda.lines[0]).toMatchObject({
      words: 'contrast of lambda: the phase of beta 0.2 against that of beta -0.2',
      formula: 'gradient = coefficient * (phi[0.2] - phi[-0.2]) * ((phi[0.2] + phi[-0.2]) / 2 - omega)',
    });
  });

  it('says what is missing, where the ends of phases were not recorded', async () => {
    const learner = simulation(complexSynapse, forward(0.1), { optimizer: sgd({ rate: 0.1 }) }, 1);
    const recorder = record(
      learner,
      { variables: ['lambda'], synapses: [3], at: 'meta-update', account: true },
      { folder, name: 'why' },
    );
    await learner.run({ metaSteps: 1 });
    recorder.close();
    const account = readAccount(folder, readTraceIndex(folder), 'why', 0, 0);
    expect(account.notes).toEqual([expect.stringContaining('ends of phases were not recorded')]);
    expect(account.variables[1]!.lines.at(-1)!.value).toBe(account.variables[1]!.after);
  });

  it.each([
    ['no such row', 9, 0, 'row'],
    ['no such column', 0, 7, 'column'],
  ])('refuses %s', async (_, row, column, what) => {
    await accounts(simulation(complexSynapse, forward(0.1), { optimizer: sgd({ rate: 0.1 }) }, 1));
    const index = readTraceIndex(folder);
    expect(() => readAccount(folder, index, 'why', row, column)).toThrow(new RegExp(`no such ${what}`));
    expect(() => readAccount(folder, index, 'ends', 0, 0)).toThrow(InputError);
  });

  it('runs no text of a file: one that is no local rule is refused, or left out', async () => {
    await accounts(simulation(complexSynapse, forward(0.1), { optimizer: sgd({ rate: 0.1 }) }, 1));
    const file = path.join(folder, 'index.json');
    const text = fs
      .readFileSync(file, 'utf8')
      .replaceAll(
        /"source": "(?:[^"\\]|\\.)*"/g,
        () => '"source": "function f(value) { globalThis.hurt = true; return 1; }"',
      );
    fs.writeFileSync(file, text);
    const account = readAccount(folder, readTraceIndex(folder), 'why', 0, 0);
    expect(account.notes.join(' ')).toContain('too long');
    expect(globalThis).not.toHaveProperty('hurt');
  });
});

describe('an account of a meta-batch', () => {
  /** Two learners on the same tasks, of networks of their own, recorded into one folder as a scenario with two methods does. */
  async function streams(every: number): Promise<void> {
    const learners = ['one', 'other'].map((name, i) => {
      const network = mlp([1, 3, 1], { activation: 'tanh', synapse: complexSynapse });
      const phase = (steps: number) => ({ optimizer: sgd({ rate: 0.05 }), steps, tolerance: 0 });
      const rules = plainExecutor();
      const learner = new StreamLearner({
        ...{ network, engine: referenceEngine, rules, batch: 3, seed: 7 + i, warn: () => {} },
        stream: new TaskStream({
          source: sinusoids({ support: 5, query: 5 }),
          random: new RandomStreams(2).stream('tasks'),
        }),
        learner: contrastiveLearner({
          ...{ network, rules },
          rule: contrastive({ estimator: symmetric(0.1), free: phase(8), nudged: phase(5) }),
        }),
        meta: { optimizer: adam({ rate: 0.01 }) },
        initial: { lambda: 0.4 },
      });
      const options = (what: string) => ({ folder, name: `${name}-${what}`, source: name });
      const update = {
        variables: ['omega'],
        synapses: [1, 4],
        at: 'meta-update',
        account: true,
        every,
      } as const;
      return {
        learner,
        recorders: [
          record(learner, { variables: ['phi'], synapses: [1, 4], at: 'phase-end' }, options('ends')),
          record(learner, update, options('why')),
        ],
      };
    });
    for (const { learner, recorders } of learners) {
      for (let step = 0; step < 4; step++) await learner.metaStep();
      for (const recorder of recorders) recorder.close();
      await learner.close();
    }
  }

  it.each([1, 2])(
    'is of the tasks of this batch and of this learner, where one meta-update in %i is recorded',
    async (every) => {
      await streams(every);
      const index = readTraceIndex(folder);
      for (const name of ['one', 'other']) {
        for (let row = 0; row < 4 / every; row++) {
          const { variables, equilibria, notes } = readAccount(folder, index, `${name}-why`, row, 1);
          const first = 3 * row * every;
          expect(equilibria.map(({ task }) => task)).toEqual([first, first + 1, first + 2]);
          expect(notes).toEqual([]);
          for (const { lines, after } of variables) {
            const mean = lines.find(({ words }) => words.startsWith('mean over 3 tasks'))!;
            // Summed in another order than term by term within a task.
            expect(Math.abs(mean.value - mean.recorded!)).toBeLessThanOrEqual(1e-15);
            expect(Math.abs(lines.at(-1)!.value - after)).toBeLessThanOrEqual(1e-15);
          }
        }
      }
    },
  );
});
