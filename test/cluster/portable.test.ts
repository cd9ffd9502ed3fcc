import fs from 'node:fs';
import path from 'node:path';
import { sinusoidMlp } from '../../models/sinusoid-mlp';
import { makers } from '../../src/cluster/makers';
import { localised, portable } from '../../src/cluster/portable';
import { describe as describeValue } from '../../src/core/origin';
import { remake } from '../../src/core/remake';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { symmetric } from '../../src/learning/estimators';
import { nesterov } from '../../src/learning/optimizers';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { repository } from '../cli/command';

const network = sinusoidMlp(6);
const phase = { optimizer: nesterov({ rate: 0.002 }), steps: 8, tolerance: 0 };
const rule = contrastive({ estimator: symmetric(0.3), free: phase, nudged: phase });
const learner = contrastiveLearner({ network, rule, rules: plainExecutor() });
const noFile = (): never => {
  throw new Error('no file was expected');
};
const made = (module: string, name: string, ...given: unknown[]) => ({ $made: { module, name, given } });
const local = (description: unknown) => localised(description, (sum) => `/here/${sum}.js`);

describe('what another machine is told of a learner', () => {
  it('makes the same learner there', async () => {
    const description = describeValue(learner, 'learner');
    const there = JSON.parse(JSON.stringify(portable(description, noFile)));
    const again = await remake(localised(there, noFile));
    expect(describeValue(again, 'learner')).toEqual(description);
  });

  it('has checksums in place of the paths of files, wherever these stand', () => {
    const description = {
      learner: made('src/run/scenario/from-module', 'fromModule', '/home/me/own.js', 'own', { rate: 1 }),
      network: made(
        'src/few-shot/scenario-parts',
        'networkOf',
        made('src/run/scenario/find-scenario', 'scenarioFound', '/home/me/s.ts', {
          synapse: '/home/me/y.ts',
          project: null,
        }),
        'maml',
        { path: '/home/me/a-setting' },
      ),
    };
    const sent = portable(description, (file) => `sum of ${path.basename(file)}`);
    expect(JSON.stringify(sent)).not.toMatch(/home\/me\/(own|s|y)/);
    expect(JSON.stringify(local(sent))).toBe(
      JSON.stringify(description).replace(/\/home\/me\/(\w+\.[jt]s)/g, '/here/sum of $1.js'),
    );
  });

  it('names scenarios that come with metaplast by their word', () => {
    const description = made('src/run/scenario/find-scenario', 'scenarioFound', 'sinusoid', {});
    expect(local(portable(description, noFile))).toEqual(description);
  });
});

describe('what a worker refuses to make', () => {
  it.each([
    ['a module of Node', made('node:child_process', 'execSync', 'touch /tmp/x')],
    ['a module by a path', made('../../../../tmp/evil', 'run')],
    ['another function of metaplast', made('src/core/durable-file', 'writeDurably', '/tmp/x', 'y')],
    ['what every object has', made('constructor', 'constructor')],
    [
      'a function of an allowed module that is none of its makers',
      made('src/network/layers/dense', 'constructor'),
    ],
    ['a function that loads files', made('src/run/scenario/load-file', 'loadFile', '/tmp/x.js')],
    [
      'a file of a module by its path',
      made('src/run/scenario/from-module', 'fromModule', '/tmp/x.js', 'run'),
    ],
    ['a scenario by its path', made('src/run/scenario/find-scenario', 'scenarioFound', '/tmp/x.js', {})],
    [
      'a synapse by its path',
      made('src/run/scenario/find-scenario', 'scenarioFound', 'sinusoid', { synapse: '/tmp/x.js' }),
    ],
    [
      'a scenario that is not there',
      made('src/run/scenario/find-scenario', 'scenarioFound', 'sinusoid2', {}),
    ],
    [
      'a name that is no text',
      made('src/run/scenario/find-scenario', 'scenarioFound', ['sinusoid'] as never, {}),
    ],
  ])('%s, also deep inside', (_, bad) => {
    expect(() => local(bad)).toThrow(/is refused/);
    expect(() =>
      local({ a: [{ b: made('src/network/network', 'defineNetwork', { layers: [bad] }) }] }),
    ).toThrow(/is refused/);
  });
});

it('what a description may call is what notes of itself that it can be made again, and nothing else', () => {
  const found: Record<string, string[]> = {};
  for (const file of fs.readdirSync(path.join(repository, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file === path.join('core', 'origin.ts')) continue;
    const text = fs.readFileSync(path.join(repository, 'src', file), 'utf8');
    for (const [, module, name = '(a variable)'] of text.matchAll(
      /\bmadeBy\(\s*'([^']+)',\s*(?:'(\w+)')?/g,
    )) {
      found[module!] = [...(found[module!] ?? []), name];
    }
  }
  const {
    'src/run/scenario/from-module': module,
    'src/run/scenario/find-scenario': scenario,
    ...others
  } = found;
  expect([module, scenario]).toEqual([['fromModule'], ['scenarioFound']]);
  // By a variable, whose type allows these two.
  expect(others['src/few-shot/scenario-parts']).toEqual(['(a variable)']);
  others['src/few-shot/scenario-parts'] = ['networkOf', 'learnerOf'];
  const sorted = (of: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(of)
      .map(([module, names]) => `${module}: ${[...names].sort()}`)
      .sort();
  expect(sorted(others)).toEqual(sorted(makers));
});
