import fs from 'node:fs';
import path from 'node:path';
import { builtInScenarios } from '../../../src/run/scenario/find-scenario';
import { knownCourses } from '../../../src/study/search/course/known-courses';
import { recordNumbers } from '../../../src/study/search/course/record-numbers';
import { command, onlyRun } from '../../cli/command';
import { makeTestFolder, smallMnist } from '../../data/images/small-files';
import { omniglotArchive, zip } from '../../data/omniglot/small-archives';

const { folder, write, remove } = makeTestFolder();
beforeAll(() => {
  smallMnist((name, bytes) => write(`data/mnist/${name}`, bytes), 60, 50);
  write('data/omniglot/images_background.zip', zip(omniglotArchive('background', 6)));
  write('data/omniglot/images_evaluation.zip', zip(omniglotArchive('evaluation', 6, 12)));
  process.env.METAPLAST_DATA = path.join(folder, 'data');
});
afterAll(() => {
  delete process.env.METAPLAST_DATA;
  remove();
});

test('what is known of scenarios is known of each that comes with metaplast', () => {
  for (const scenario of builtInScenarios())
    expect([scenario, knownCourses(scenario)]).not.toEqual([scenario, null]);
  expect(knownCourses('toString')).toBeNull();
});

test.each([
  ['boston', ['metaSteps=2']],
  ['one-synapse', []],
  ['sinusoid', ['metaSteps=2', 'unseen.tasks=2']],
  ['mnist', ['method=contrastive', 'hidden=[3]']],
  ['omniglot', ['filters=1', 'validationCharacters=2', 'method=contrastive']],
  ['toy', []],
] as const)('what %s is known to record by meta-step, it records', async (scenario, set) => {
  const runs = path.join(folder, `runs-${scenario}`);
  const flags = ['--preset', 'smoke', '--rules', 'plain', '--runs', runs, '--quiet'];
  expect(await command('run', scenario, ...flags, ...set.flatMap((one) => ['--set', one]))).toMatchObject({
    status: 0,
  });
  const lines = fs
    .readFileSync(path.join(onlyRun(runs), 'metrics.ndjson'), 'utf8')
    .trim()
    .split('\n');
  const records = lines.map((line) => JSON.parse(line));
  const names = records.flatMap((record) => [...recordNumbers(record).keys()]);
  const general = new Set(names.map((name) => name.replace(/\[steps=\d+\]/, '[steps=N]')));
  const known = Object.keys(knownCourses(scenario)!);
  expect(known.filter((name) => !general.has(name))).toEqual([]);
  expect(records.some(({ metaStep }) => metaStep !== undefined)).toBe(known.length > 0);
});
