import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InputError } from '../../src/core/errors';
import { checkProbe, describeMoments, mostBytes, type Probe, selectSynapses } from '../../src/trace/probe';
import { record } from '../../src/trace/recorder';
import { smallSimulation } from './recorded';

const { population, plan, stride } = smallSimulation();
const probe = (more: Partial<Probe> = {}): Probe => ({
  ...{ variables: ['phi'], synapses: 'all', at: 'phase-end' },
  ...more,
});

describe('a probe selects synapses', () => {
  test('all of them', () => {
    expect(selectSynapses(population, 'all')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test('by index, in ascending order, each once', () => {
    expect(selectSynapses(population, [9, 2, 9, 0])).toEqual([0, 2, 9]);
  });

  test.each([
    ['a layer', { layer: 2 }, [9, 10, 11, 12]],
    ['the unit that they end on', { layer: 0, to: 1 }, [2, 3, 7]],
    ['the unit that they come from', { layer: 0, from: 1 }, [1, 3, 5]],
    ['one connection', { layer: 0, from: 1, to: 2 }, [5]],
    ['a parameter', { layer: 0, parameter: 'bias' }, [6, 7, 8]],
    ['having no source', { layer: 0, from: null }, [6, 7, 8]],
  ])('by %s', (_, selection, expected) => {
    expect(selectSynapses(population, selection)).toEqual(expected);
  });

  test('by a test of each synapse', () => {
    expect(selectSynapses(population, ({ layer, to }) => layer === 2 && to === 0)).toEqual([9, 10, 11, 12]);
    expect(selectSynapses(population, ({ index }) => index % 6 === 0)).toEqual([0, 6, 12]);
  });

  test.each([-1, 13, 1.5, Number.NaN])('and refuses the index %s', (index) => {
    expect(() => selectSynapses(population, [0, index])).toThrow(InputError);
    expect(() => selectSynapses(population, [0, index])).toThrow(/does not exist.*Legal: 0 to 12/);
  });

  test.each([[[]], [{ layer: 1 }], [{ layer: 0, to: 3 }], [() => false]])(
    'and refuses a selection of none: %p',
    (selection) => {
      expect(() => selectSynapses(population, selection)).toThrow(/selects no synapse.*Choose a layer/);
    },
  );
});

describe('a probe is refused', () => {
  test.each<[string, Partial<Probe>, RegExp]>([
    [
      'for a variable that the synapses do not have',
      { variables: ['lamda'] },
      /Got "lamda".*Did you mean "lambda"/,
    ],
    ['without a variable', { variables: [] }, /no variable.*Legal: phi, omega, lambda/],
    [
      'for an unknown moment',
      { at: 'task' as never },
      /at in the probe is not legal.*step, phase-end, meta-update/,
    ],
    ['for one moment in none', { every: 0 }, /every in the probe must be at least 1.*Got 0/],
    [
      'for steps between those that the clock tells',
      { at: 'step', every: 7 },
      /Legal: multiples of the stride, 5.*Lower the stride/,
    ],
  ])('%s', (_, more, message) => {
    expect(() => checkProbe(probe(more), population, stride)).toThrow(InputError);
    expect(() => checkProbe(probe(more), population, stride)).toThrow(message);
  });
});

describe('mostBytes', () => {
  const cases: [string, Partial<Probe>][] = [
    ['each step event', { at: 'step' }],
    ['every 10 steps of three synapses', { at: 'step', every: 10, synapses: { layer: 0, to: 1 } }],
    ['every phase-end, three variables', { variables: ['phi', 'omega', 'lambda'] }],
    ['one phase-end in 3', { every: 3 }],
    ['one meta-update in 2', { at: 'meta-update', every: 2, synapses: [4] }],
  ];
  async function written(more: Partial<Probe>, tolerance: number): Promise<number> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-bytes-'));
    const simulation = smallSimulation({ tolerance });
    const recorder = record(simulation, probe(more), { folder, name: 'told' });
    await simulation.run({ metaSteps: 5 });
    recorder.close();
    const bytes = ['told.npy', 'told.when.npy'].map((file) => fs.statSync(path.join(folder, file)).size);
    fs.rmSync(folder, { recursive: true });
    return bytes[0]! + bytes[1]!;
  }

  test.each(cases)(
    'is what is written, heads included, where every phase takes all its steps: %s',
    async (_, more) => {
      expect(await written(more, 0)).toBe(mostBytes(probe(more), population, { plan, tasks: 5 }));
    },
  );

  test.each(cases)('is not exceeded where phases settle sooner: %s', async (_, more) => {
    expect(await written(more, 0.05)).toBeLessThanOrEqual(
      mostBytes(probe(more), population, { plan, tasks: 5 }),
    );
  });
});

test.each([
  ['phase-end', 1, undefined, 'at each phase-end'],
  ['meta-update', 1, 4, 'at one meta-update in 4'],
  ['step', 1, undefined, 'at each step'],
  ['step', 50, undefined, 'every 50 steps'],
  ['step', 50, 100, 'every 100 steps'],
] as const)('moments at %s, stride %s, every %s are told as "%s"', (at, own, every, text) => {
  expect(describeMoments(at, own, every)).toBe(text);
});
