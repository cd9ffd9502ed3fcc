import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { findScenario } from '../../../src/run/scenario/find-scenario';
import { planStudy } from '../../../src/study/plan/plan-study';
import { CodeCache } from '../../../src/study/trial/code-cache/code-cache';
import { TrialProcess } from '../../../src/study/trial/trial-process-handle';
import { repository, snapshot } from '../../cli/command';
import { atStartMethod } from '../../few-shot/at-start-method';
import { writeMiniScenario } from '../mini-scenario';

const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-same-bytes-')));
afterAll(() => fs.rmSync(home, { recursive: true }));
const library = path.join(repository, 'dist/src/index.js');
let count = 0;

function write(name: string, text: string): string {
  const folder = path.join(home, `${count++}`);
  fs.mkdirSync(folder);
  fs.symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

const mini = (within = ''): string => {
  const folder = path.join(home, `${count++}`);
  fs.mkdirSync(folder);
  return writeMiniScenario(folder, within);
};

/** A scenario in TypeScript whose modules, and the global object, remember how often they were used. */
function forgetful(): string {
  const file = write(
    'counting.ts',
    `import { z } from 'zod';
    import { defineScenario, type RunContext } from '${library}';
    import { next } from './counter';
    const seen: { times?: number } = globalThis as never;
    export default defineScenario({
      name: 'counting', question: 'How often?',
      config: z.strictObject({ by: z.int().default(1).describe('steps') }),
      presets: { smoke: {}, cpu: {}, paper: {} },
      schedule: () => ({ plan: { phases: [{ beta: 0, steps: 1 }], stride: 1 }, tasks: 1 }),
      async run({ config, random }: RunContext<{ by: number }>) {
        seen.times = (seen.times ?? 0) + 1;
        enum Kind { Drawn = 'drawn' }
        const summary = { times: seen.times, next: next(config.by), [Kind.Drawn]: random.stream('counting').normal(), title: process.title };
        return { summary, report: JSON.stringify(summary) };
      },
    });`,
  );
  fs.writeFileSync(
    path.join(path.dirname(file), 'counter.ts'),
    'let count: number = 0;\nexport const next = (by: number): number => (count += by);\n',
  );
  return file;
}

const synapse = () =>
  write(
    'own.ts',
    `import { defineSynapse } from '${library}';
    export default defineSynapse({ fast: 'phi', meta: ['omega'], anchor: 'omega', penalty: '(phi - omega)^2 / 2' });`,
  );

const project = () =>
  write(
    'metaplast.config.js',
    `const m = require('${library}');
    const { z } = require('zod');
    m.registerMetaOptimizer('steady', ({ rate }) => ({ ...m.sgd({ rate }), name: 'steady' }));
    ${atStartMethod}
    module.exports = m.defineConfig({ methods: [start] });`,
  );

const small = ['metaSteps=4', 'batch=2', 'unseen.tasks=3', 'unseen.steps=[0,5]', 'unseen.every=2'];

interface Kind {
  readonly scenario: string;
  readonly overrides?: readonly string[];
  readonly synapse?: string;
  readonly project?: string;
  readonly engine?: string;
  readonly workers?: number;
  readonly end: string;
}

const kinds: readonly Kind[] = [
  { scenario: mini(), overrides: ['ms=0'], end: 'ended' },
  { scenario: forgetful(), end: 'ended' },
  { scenario: 'boston', overrides: ['metaSteps=2'], end: 'ended' },
  { scenario: 'boston', overrides: ['metaSteps=2', 'free.rate=1e12'], end: 'failed' },
  { scenario: 'sinusoid', overrides: small, end: 'ended' },
  { scenario: 'sinusoid', overrides: small, workers: 2, end: 'ended' },
  { scenario: 'sinusoid', overrides: small, synapse: synapse(), end: 'ended' },
  {
    scenario: 'sinusoid',
    overrides: [...small, 'method=at-start', 'meta.optimizer=steady'],
    project: project(),
    engine: 'copied',
    end: 'ended',
  },
  { scenario: mini(`if (i === 3) throw new Error('thrown')`), overrides: ['ms=0'], end: 'crashed' },
  { scenario: mini(`if (i === 3) process.abort();`), overrides: ['ms=0'], end: 'crashed' },
  {
    scenario: mini(
      `if (i === 0) { setInterval(() => {}, 5); process.on('SIGTERM', () => {}); Math.random = () => 0.5; }`,
    ),
    overrides: ['ms=0'],
    end: 'ended',
  },
];

const options = {
  ...{ seeds: '3', sweep: [], samples: null, preset: 'smoke', blas: 'auto', rules: 'plain' },
  ...{ checkpointEvery: 2, lease: 60 },
};

/** What a process makes of a trial: how it ends, and every file. */
async function made({ scenario, overrides = [], ...kind }: Kind, code: CodeCache | null) {
  const { synapse, project, engine = 'auto', workers = 1 } = kind;
  const { trials, ...plan } = await planStudy(await findScenario(scenario, { synapse, project }), {
    ...options,
    overrides,
    engine,
  });
  const study = path.join(home, `${count++}`);
  for (const folder of ['claims', 'trials']) fs.mkdirSync(path.join(study, folder), { recursive: true });
  fs.writeFileSync(path.join(study, 'claims/0001.1'), '');
  const { ended } = new TrialProcess({ study, plan, trial: trials[0]!, attempt: 1, workers }, code);
  const { end } = await ended;
  // Where it was killed, Node says addresses of memory.
  const text = JSON.stringify(end)
    .replaceAll(study, 'STUDY')
    .replace(/It said last.*/, '');
  const files = snapshot(path.join(study, 'trials'), ['timing.json', 'report.txt']);
  delete files['0001/.lock']; // What names the process; an aborted one leaves it.
  if (scenario === 'sinusoid') delete files['0001/report.txt']; // It tells seconds.
  return { kind: end.kind, end: text, files };
}

test('a trial comes to the same bytes by code that another one has recorded, whichever that was', async () => {
  const alone = new Map<Kind, Awaited<ReturnType<typeof made>>>();
  for (const kind of kinds) alone.set(kind, await made(kind, null));
  expect(kinds.map((kind) => alone.get(kind)!.kind)).toEqual(kinds.map(({ end }) => end));
  const anyOrder = fc.shuffledSubarray([...kinds], { minLength: kinds.length });
  for (const order of fc.sample(anyOrder, { seed: 5, numRuns: 2 })) {
    const code = CodeCache.open()!;
    for (const kind of order) expect(await made(kind, code)).toEqual(alone.get(kind));
    expect(code.nextTask()).toBe('replay');
    code.close();
  }
}, 240_000);
