import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, repository } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-advice-'));
let count = 0;
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

interface Told {
  readonly status: number | null;
  readonly verdict: string | undefined;
  /** The advice, as it is to be typed. */
  readonly words: readonly string[];
  readonly all: string;
}

/** Runs a scenario, and reads what it says about its meta-gradient as a person would. */
async function told(argv: readonly string[]): Promise<Told> {
  const runs = path.join(home, String(count++));
  const { status, out, err } = await command('run', ...argv, '--rules', 'plain', '--runs', runs);
  const advice = /most likely to help: (--.*?) \(/.exec(out) ?? /^metaplast: .* Try (--.*?) \(/m.exec(err);
  return {
    ...{ status, all: out + err },
    verdict: /verdict: ([a-z ]+?) \(/.exec(out)?.[1],
    words: advice === null ? [] : advice[1]!.split(' '),
  };
}

const set = (settings: string) => settings.split(' ').flatMap((setting) => ['--set', setting]);
const oneSynapse = (settings: string) => ['one-synapse', '--preset', 'smoke', ...set(settings)];
/** Three hidden units, of which phases settle in some thousand steps. */
const boston = (settings: string) => [
  ...['boston', '--preset', 'smoke'],
  ...set(`hidden=2 exactChecks=0 metaSteps=2 synapse.lambda=0.3 ${settings}`),
];
const sinusoid = (settings: string) => [
  ...['sinusoid', '--preset', 'smoke'],
  ...set(`hidden=4 metaSteps=5 unseen.tasks=5 unseen.steps=[0,10] ${settings}`),
];

/*
 * The sightings and their kinds, small. The same on 20 settings of three scenarios as they are, and three seeds: docs/results/advice.md,
 * by `npm run bench -- advice`.
 */
describe('advice, taken literally as it is printed,', () => {
  it.each<[string, string[], RegExp]>([
    ['a nudge that is too strong', oneSynapse('beta=5'), /^beta=/],
    ['a nudge of the wrong sign', oneSynapse('beta=-3'), /beta=/],
    ['a nudge too small for the rounding', oneSynapse('beta=1e-14'), /^beta=/],
    ['rates that are too high', oneSynapse('free.rate=2 nudged.rate=2'), /^free\.rate=.*nudged\.rate=/],
    ['phases that are too short', oneSynapse('free.steps=20 nudged.steps=20'), /^free\.(steps|rate)=/],
    [
      'tolerances that are too high',
      oneSynapse('free.tolerance=0.1 nudged.tolerance=0.1'),
      /^free\.tolerance=/,
    ],
    [
      'meta-learning that throws lambda far, of which the inner rate is innocent',
      oneSynapse('meta.rate=100'),
      /^meta\.rate=/,
    ],
    ['the same by the logarithm', boston('meta.rate=50'), /^meta\.rate=/],
    ['nudged phases whose steps are not stable', boston('nudged.rate=0.9'), /nudged\.rate=|beta=/],
    [
      'more points than their phases can settle',
      boston('estimator=p4 beta=2 nudged.rate=0.1'),
      /estimator=|beta=|rate=/,
    ],
    ['float32 at a tiny nudge', boston('beta=0.000001'), /^--engine reference$|beta=/],
    ['a stock stream of tasks', sinusoid('method=contrastive'), /contrastive\.|synapse\.lambda=/],
    ['a penalty that diverges at this rate', sinusoid('synapse.lambda=300'), /contrastive\.free\.rate=/],
  ])('mends %s', async (_what, argv, named) => {
    const before = await told(argv);
    expect(before.verdict).not.toBe('good');
    const settings = before.words.filter((word) => word !== '--set').join(' ');
    expect(before.words.length === 0 ? before.all : settings).toMatch(named);
    const after = await told([...argv, ...before.words]);
    expect({ status: after.status, verdict: after.verdict }).toEqual({ status: 0, verdict: 'good' });
  });

  it('is not given where nothing helped, and what was tried is told', async () => {
    const { words, all } = await told(sinusoid('method=modulation'));
    expect(words).toEqual([]);
    expect(all).toMatch(
      /no change that was tried helped\n {2}\d+ changes were tried, which cost .*modulation\.free\.steps=80/,
    );
  });
});

describe('a scenario of the user’s own, whose settings have names and units of their own,', () => {
  /** Nudges in percent, one rate and one length for both kinds of phases, at most 300 steps. */
  const own = (folder: string) => {
    const file = path.join(folder, 'own.js');
    fs.writeFileSync(
      file,
      `const m = require('${path.join(repository, 'src/index.ts')}');
      const { z } = require('${path.join(repository, 'node_modules/zod')}');
      const schema = z.strictObject({
        nudgePercent: z.number().default(500).describe('nudging strength, in percent'),
        pace: z.strictObject({ rate: z.number().default(0.1), length: z.int().max(300).default(200) }).prefault({}),
      });
      const one = (y) => ({ samples: 1, inputs: 1, targets: 1, x: Float64Array.of(1), y: Float64Array.of(y) });
      const rule = ({ nudgePercent, pace }) => {
        const phase = { optimizer: m.sgd({ rate: pace.rate }), steps: pace.length, tolerance: 1e-9 };
        return m.contrastive({ estimator: m.forward(nudgePercent / 100), free: phase, nudged: phase });
      };
      const learningOf = ({ config, seed, engine, rules }) => ({
        label: 'own', metaSteps: 3,
        simulation: m.simulate({
          network: m.mlp([1, 1], { synapse: m.complexSynapse }), task: m.makeTask({ name: 'own', train: one(1), heldOut: one(-0.5) }),
          rule: rule(config), meta: { optimizer: m.adam({ rate: 0.01 }) }, initial: { lambda: 0.5 }, seed, engine, rules,
        }),
        settings: { schema, config, rule, paths: {
          beta: 'nudgePercent', 'free.rate': 'pace.rate', 'nudged.rate': 'pace.rate', 'free.steps': 'pace.length', 'nudged.steps': 'pace.length',
        } },
      });
      exports.default = m.defineScenario({
        name: 'own', question: 'Is it understood?', config: schema, engine: 'reference', presets: { smoke: {}, cpu: {}, paper: {} },
        schedule: (config) => ({ plan: m.taskPlan(rule(config), 10), tasks: 3 }),
        async run(context) {
          const learned = await m.metaLearn(context, { ...learningOf(context), history: [], note: () => '' });
          const { verdict, advice } = learned.trust;
          return { summary: { verdict, advice }, report: 'verdict: ' + verdict + ' (so it is)' + (advice ? '\\nmost likely to help: ' + advice : '') };
        },
        diagnose: (context) => m.diagnoseLearning(context, learningOf(context), context.parts[0]),
      });`,
    );
    return file;
  };

  it('is advised in these, within what its schema allows, and that helps', async () => {
    const file = own(fs.mkdtempSync(path.join(home, 'own-')));
    for (const [given, named] of [
      ['nudgePercent=500', /^nudgePercent=\d/],
      ['nudgePercent=10 pace.length=10', /^pace\.(length|rate)=/],
      ['nudgePercent=10 pace.rate=3', /^pace\.rate=/],
    ] as const) {
      const argv = [file, ...set(given)];
      const before = await told(argv);
      expect(before.words.filter((word) => word !== '--set').join(' ')).toMatch(named);
      expect(before.all).not.toMatch(/pace\.length=(?!10|[12]\d\d?\b|300)\d/);
      expect((await told([...argv, ...before.words])).verdict).toBe('good');
    }
  });

  it('is told where it names a setting that it does not have', async () => {
    const folder = fs.mkdtempSync(path.join(home, 'own-'));
    const file = own(folder);
    fs.writeFileSync(
      file,
      fs.readFileSync(file, 'utf8').replace("beta: 'nudgePercent'", "beta: 'nudgePercnt'"),
    );
    const { status, all } = await told([file]);
    expect(status).toBe(2);
    expect(all).toMatch(/names one that is not there\. Got "nudgePercnt"\..*Did you mean "nudgePercent"/);
  });
});
