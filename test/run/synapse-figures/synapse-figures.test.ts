import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Subject } from 'rxjs';
import { InputError } from '../../../src/core/errors';
import { pForward, symmetric } from '../../../src/learning/estimators';
import type { SimulationEvent } from '../../../src/learning/events';
import { conv2d } from '../../../src/network/layers/conv2d';
import { dense } from '../../../src/network/layers/dense';
import { flatten } from '../../../src/network/layers/flatten';
import { mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { checkFigure } from '../../../src/plot/check-figure';
import type { Figure } from '../../../src/plot/figure';
import { synapseFigures } from '../../../src/run/synapse-figures/synapse-figures';
import { complexSynapse } from '../../../src/synapse/model';
import { Population } from '../../../src/synapse/population';
import { parseSynapses } from '../../../src/trace/asked-synapses';
import { NpyWriter, readNpy } from '../../../src/trace/npy';
import type { Probe } from '../../../src/trace/probe';
import { record } from '../../../src/trace/recorder';
import { smallSimulation } from '../../trace/recorded';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-synapses-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const inner: Probe = { variables: ['phi', 'lambda'], synapses: [2, 5, 11], at: 'step' };
const ends: Probe = { variables: ['phi', 'lambda'], synapses: 'all', at: 'phase-end' };
const updates = (synapses: Probe['synapses']): Probe => ({
  variables: ['omega'],
  synapses,
  at: 'meta-update',
});

/** A run directory with the traces of so many tasks: a free phase of 23 steps, and nudged ones of 12, told in chunks of 5. */
async function recorded(tasks: number, change: Parameters<typeof smallSimulation>[0] = {}): Promise<string> {
  const directory = fs.mkdtempSync(path.join(home, 'run-'));
  const folder = path.join(directory, 'traces');
  fs.mkdirSync(folder);
  const simulation = smallSimulation(change);
  const recorders = Object.entries({ inner, ends, updates: updates([5]) }).map(([name, probe]) =>
    record(simulation, probe, { folder, name }),
  );
  await simulation.run({ metaSteps: tasks });
  await simulation.close();
  for (const recorder of recorders) recorder.close();
  return directory;
}

const figuresOf = (directory: string, synapses: string, more: object = {}): Figure[] =>
  synapseFigures({ directory, scenario: 'small', asked: parseSynapses(synapses), ...more });

/** Of a trace, by NumPy's layout: one variable of one of its synapses in the rows wanted. */
function numbers(
  directory: string,
  name: string,
  variable: number,
  column: number,
  only = (_: number[]) => true,
) {
  const { data, shape } = readNpy(path.join(directory, 'traces', `${name}.npy`));
  const when = readNpy(path.join(directory, 'traces', `${name}.when.npy`)).data;
  const [rows, variables, synapses] = shape as [number, number, number];
  return Array.from({ length: rows }, (_, row) => row)
    .filter((row) => only([...when.subarray(5 * row, 5 * row + 5)]))
    .map((row) => data[(row * variables + variable) * synapses + column]!);
}

describe('one synapse of a run', () => {
  let run: string;
  beforeAll(async () => {
    run = await recorded(3, { estimator: symmetric(0.1) });
  });
  const named = (figures: readonly Figure[], name: string) => figures.find((figure) => figure.name === name)!;

  test('has a figure for each trace that holds it, all of them legal', () => {
    const figures = figuresOf(run, '5');
    expect(figures.map(({ name }) => name)).toEqual([
      'synapse-5-of-ends',
      'synapse-5-of-inner',
      'synapse-5-of-updates',
    ]);
    for (const figure of figures) expect(checkFigure(figure)).toEqual(figure);
    expect(figures[0]!.title).toBe('small: synapse 5 (layer 0, from unit 1 to unit 2), at each phase-end');
    expect(figuresOf(run, '2').map(({ name }) => name)).toEqual(['synapse-2-of-ends', 'synapse-2-of-inner']);
    expect(figuresOf(run, '0').map(({ name }) => name)).toEqual(['synapse-0-of-ends']);
  });

  test('of a convolution is named by its place in the kernel, a bias by its channel', () => {
    const layers = [conv2d(2, 3, { kernel: 2 }), flatten(), dense(12, 1)];
    const network = defineNetwork({ input: [2, 3, 3], layers, loss: mse, synapse: complexSynapse });
    const events$ = new Subject<SimulationEvent>();
    const population = new Population(complexSynapse, network.topology);
    const directory = fs.mkdtempSync(path.join(home, 'image-'));
    const folder = path.join(directory, 'traces');
    fs.mkdirSync(folder);
    const recorder = record({ population, stride: 1, events$: events$.asObservable() }, updates('all'), {
      folder,
      name: 'updates',
    });
    for (const task of [0, 1])
      events$.next({ kind: 'meta-update', task, tasks: 1, taskName: 'image', metaGradient: {}, moves: null });
    recorder.close();
    const titleOf = (synapse: string) => figuresOf(directory, synapse)[0]!.title;
    expect(titleOf('0:1:1:0:1')).toMatch(
      'synapse 14 (layer 0, from channel 1 at row 1, column 0 of the kernel to channel 1)',
    );
    expect(titleOf('0:bias:2')).toMatch('synapse 26 (layer 0, bias of channel 2)');
    expect(titleOf('2:bias:0')).toMatch('synapse 39 (layer 2, bias of unit 0)');
  });

  test('step by step stands on an axis of inner steps, with each phase shaded and labelled with its beta', () => {
    const { panels, columns } = named(figuresOf(run, '5'), 'synapse-5-of-inner');
    expect(columns).toBe(1);
    expect(panels.map(({ y }) => y.label)).toEqual(['phi', 'lambda']);
    const task = [
      { from: 0, to: 23, label: 'free', brief: '0', shade: 'pale' },
      { from: 23, to: 35, label: 'beta = 0.1', brief: '0.1', shade: 'warm' },
      { from: 35, to: 47, label: 'beta = −0.1', brief: '−0.1', shade: 'cool' },
    ];
    const later = (tasks: number) =>
      task.map((span) => ({ ...span, from: span.from + 47 * tasks, to: span.to + 47 * tasks }));
    for (const { spans } of panels) expect(spans).toEqual([...task, ...later(1), ...later(2)]);
    const [phi] = panels;
    expect(phi!.series.map(({ points }) => points.map(({ x }) => x))).toEqual(
      [0, 1, 2].map((t) => [5, 10, 15, 20, 23, 28, 33, 35, 40, 45, 47].map((step) => step + 47 * t)),
    );
    expect(phi!.series.flatMap(({ points }) => points.map(({ y }) => y))).toEqual(
      numbers(run, 'inner', 0, 1),
    );
  });

  test('at the ends of phases has a curve for each kind of phase, and one where they are all the same', () => {
    const { panels, caption } = named(figuresOf(run, '5'), 'synapse-5-of-ends');
    const [phi, lambda] = panels;
    expect(phi!.series.map(({ label, dashed = false }) => [label, dashed])).toEqual([
      ['free', false],
      ['beta = 0.1', true],
      ['beta = −0.1', true],
    ]);
    phi!.series.forEach(({ points }, phase) => {
      expect(points.map(({ x }) => x)).toEqual([0, 1, 2]);
      expect(points.map(({ y }) => y)).toEqual(numbers(run, 'ends', 0, 5, ([, own]) => own === phase));
    });
    expect(lambda!.series).toHaveLength(1);
    expect(lambda!.series[0]!.points.map(({ y }) => y)).toEqual(
      numbers(run, 'ends', 1, 5, ([, own]) => own === 0),
    );
    expect(caption).toContain('Inside a task lambda did not move.');
  });

  test('after meta-updates goes from task to task', () => {
    const { panels } = named(figuresOf(run, '5'), 'synapse-5-of-updates');
    expect(panels[0]!.series.map(({ points }) => points)).toEqual([
      numbers(run, 'updates', 0, 0).map((y, x) => ({ x, y })),
    ]);
  });

  test('may be named by its connection, and stand beside others, each in one colour', () => {
    const [ends] = figuresOf(run, '0:1:2,0:bias:0', { trace: 'ends' });
    expect(ends!.name).toBe('synapse-0-1-2-and-0-bias-0-of-ends');
    expect(ends!.title).toBe('small: synapses 5, 6, at each phase-end');
    expect(ends!.panels[0]!.series.map(({ label, group }) => [label, group])).toEqual([
      ['synapse 5, free', 'synapse 5'],
      ['synapse 6, free', 'synapse 6'],
      ['synapse 5, beta = 0.1', 'synapse 5'],
      ['synapse 6, beta = 0.1', 'synapse 6'],
      ['synapse 5, beta = −0.1', 'synapse 5'],
      ['synapse 6, beta = −0.1', 'synapse 6'],
    ]);
    expect(ends!.panels[1]!.series.map(({ label }) => label)).toEqual(['synapse 5', 'synapse 6']);
  });

  test('may be drawn in some tasks only', () => {
    const figures = figuresOf(run, '5', { tasks: [1, 1] });
    const { panels, caption } = named(figures, 'synapse-5-of-inner');
    expect(panels[0]!.spans!.map(({ from, to }) => [from, to])).toEqual([
      [0, 23],
      [23, 35],
      [35, 47],
    ]);
    expect(panels[0]!.series[0]!.points.map(({ y }) => y)).toEqual(
      numbers(run, 'inner', 0, 1, ([task]) => task === 1),
    );
    expect(caption).toMatch(/^Trace "inner", of task 1\./);
  });

  test.each<[string, string, object, RegExp]>([
    [
      'it',
      '13',
      {},
      /No trace of the run holds such a synapse\. Got "13"\. Legal: ends holds 0-12, or .*; inner holds 2,5,11, or /,
    ],
    ['one of several', '5,0:9:0', {}, /Got "0:9:0"/],
    [
      'it, of one trace',
      '2',
      { trace: 'updates' },
      /No trace that was asked for holds .*Legal: updates holds 5, or 0:1:2/,
    ],
    [
      'such a trace',
      '5',
      { trace: 'iner' },
      /no such trace\. Got "iner"\. Legal: ends, inner, updates\. Did you mean "inner"/,
    ],
    ['such tasks', '5', { tasks: [3, 7] }, /has no row of such tasks\. Got "3-7"\. Legal: 0 to 2/],
  ])('is refused where there is not %s, with what is there', (_, synapses, more, message) => {
    expect(() => figuresOf(run, synapses, more)).toThrow(InputError);
    expect(() => figuresOf(run, synapses, more)).toThrow(message);
  });

  test('is refused with how to record one, where nothing was recorded', () => {
    const bare = fs.mkdtempSync(path.join(home, 'bare-'));
    expect(() => figuresOf(bare, '5')).toThrow(
      /has recorded no trace.*A scenario records by record\(simulation, /,
    );
    expect(() => figuresOf(run, '99', { chosenBy: 'watch' })).toThrow(
      /run the scenario again with --set watch=/,
    );
  });
});

describe('a trace of steps over many tasks', () => {
  test('shows its first tasks with their phases, and beside them all tasks without', async () => {
    const run = await recorded(9, { estimator: pForward(4, 0.1) });
    const [figure] = figuresOf(run, '5', { trace: 'inner' });
    expect(figure!.columns).toBe(2);
    const [early, all] = figure!.panels;
    expect([early!.title, all!.title]).toEqual(['task 0', 'all 9 tasks']);
    expect(early!.spans!.map(({ label }) => label)).toEqual([
      'free',
      'beta = 0.1',
      'beta = 0.2',
      'beta = 0.3',
    ]);
    expect(all!.spans).toEqual([]);
    expect(all!.series.flatMap(({ points }) => points.map(({ y }) => y))).toEqual(
      numbers(run, 'inner', 0, 1),
    );
    expect(all!.x.domain).toEqual([0, 9 * (23 + 3 * 12)]);
    expect(figure!.caption).toContain('Over all tasks they are too narrow to be shaded.');
  });

  test('of so many rows that they cannot all be seen keeps its peaks, and says what is drawn', () => {
    const run = fs.mkdtempSync(path.join(home, 'long-'));
    const [folder, rows] = [path.join(run, 'traces'), 200_000];
    fs.mkdirSync(folder);
    const values = NpyWriter.create(path.join(folder, 'long.npy'), { dtype: '<f8', rowShape: [1, 1] });
    const when = NpyWriter.create(path.join(folder, 'long.when.npy'), { dtype: '<f8', rowShape: [4] });
    for (let row = 0; row < rows; row++) {
      values.append([row === 123_456 ? 7 : Math.sin(row / 1000)]);
      when.append([
        Math.floor(row / 100),
        Math.floor(row / 50) % 2,
        0.1 * (Math.floor(row / 50) % 2),
        (row % 50) + 1,
      ]);
    }
    values.close();
    when.close();
    const synapses = [{ index: 0, layer: 0, parameter: 'weight', from: 0, to: 0 }];
    const entry = {
      ...{ file: 'long.npy', shape: [rows, 1, 1], axes: ['row', 'variable', 'synapse'], dtype: '<f8' },
      ...{ variables: ['phi'], units: { phi: 'dimensionless' }, at: 'step', every: 1, synapses },
      when: { file: 'long.when.npy', columns: ['task', 'phase', 'beta', 'step'], units: [] },
    };
    fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ traces: { long: entry } }));
    const [figure] = figuresOf(run, '0');
    const [early, all] = figure!.panels;
    expect(early!.series.flatMap(({ points }) => points)).toHaveLength(300);
    const points = all!.series.flatMap((series) => series.points);
    expect(points.length).toBeLessThanOrEqual(1200);
    expect(points.filter(({ y }) => y === 7)).toEqual([{ x: 123_457, y: 7 }]);
    expect(figure!.caption).toContain(
      'The panel of all 2,000 tasks has 200,000 rows: of each 333, the smallest and the largest value are drawn.',
    );
  });
});
