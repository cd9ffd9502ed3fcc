import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'npyjs';
import { filter, Subject } from 'rxjs';
import { CheckpointError, InputError } from '../../src/core/errors';
import { isMetaUpdate, type PhaseEndEvent, type SimulationEvent } from '../../src/learning/events';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';
import { parseSynapses } from '../../src/trace/asked-synapses';
import type { Probe } from '../../src/trace/probe';
import { readTrace } from '../../src/trace/read-trace';
import { readTraceIndex, record } from '../../src/trace/recorder';
import { smallSimulation } from './recorded';

const whole = {
  ...{ file: 'seen.npy', shape: [0, 1, 1], variables: ['phi'], at: 'step', every: 1, synapses: [] },
  when: { file: 'seen.when.npy', columns: ['task'] },
};

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-recorder-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Opened by a reader that is not ours. */
function opened(file: string): { shape: number[]; data: number[] } {
  const bytes = fs.readFileSync(path.join(folder, file));
  const { shape, data } = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { shape, data: [...(data as Float64Array)] };
}

const rowsOf = ({ shape, data }: { shape: number[]; data: number[] }) => {
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => data.slice(row * width, (row + 1) * width));
};

/** Records two meta-steps, and what the simulation itself held at each event of the probe's kind. */
async function recorded(probe: Probe, options: Parameters<typeof smallSimulation>[0] = {}) {
  const simulation = smallSimulation(options);
  const recorder = record(simulation, probe, { folder, name: 'seen' });
  const seen: { event: SimulationEvent; phi: number[]; lambda: number[] }[] = [];
  simulation.events$.subscribe((event) => {
    if (event.kind !== probe.at) return;
    const [phi, lambda] = [simulation.population.values('phi'), simulation.population.values('lambda')];
    seen.push({ event, phi: [...phi], lambda: [...lambda] });
  });
  await simulation.run({ metaSteps: 2 });
  recorder.close();
  return { seen, values: opened('seen.npy'), when: rowsOf(opened('seen.when.npy')) };
}

describe('a recorder', () => {
  test('writes [row][variable][synapse] as the simulation held them, for any reader of .npy', async () => {
    const { seen, values } = await recorded({
      ...{ variables: ['phi', 'lambda'], synapses: { layer: 0, to: 1 }, at: 'phase-end' },
    });
    expect(values.shape).toEqual([4, 2, 3]);
    const expected = seen.map(({ phi, lambda }) => [
      ...[2, 3, 7].map((index) => phi[index]!),
      ...[2, 3, 7].map((index) => lambda[index]!),
    ]);
    expect(rowsOf(values)).toEqual(expected);
    expect(new Set(values.data.slice(0, 3)).size).toBe(3);
  });

  test('says of each row its task, phase, beta, steps since the phase began, and residual', async () => {
    const { when, seen } = await recorded({ variables: ['phi'], synapses: [0], at: 'phase-end' });
    const residuals = seen.map(({ event }) => (event as PhaseEndEvent).residual);
    expect(when).toEqual([
      [0, 0, 0, 23, residuals[0]],
      [0, 1, 0.1, 12, residuals[1]],
      [1, 0, 0, 23, residuals[2]],
      [1, 1, 0.1, 12, residuals[3]],
    ]);
  });

  test('at step has a row after each chunk of the stride, the last one shorter', async () => {
    const { when, values, seen } = await recorded({ variables: ['phi'], synapses: [5], at: 'step' });
    expect(when.slice(0, 8).map(([, phase, , step]) => [phase, step])).toEqual([
      ...[5, 10, 15, 20, 23].map((step) => [0, step]),
      ...[5, 10, 12].map((step) => [1, step]),
    ]);
    expect(values.data).toEqual(seen.map(({ phi }) => phi[5]));
  });

  test('at every 10 steps has rows after 10, 20, ... steps of each phase', async () => {
    const { when } = await recorded({ variables: ['phi'], synapses: [5], at: 'step', every: 10 });
    const once = [
      [0, 10],
      [0, 20],
      [1, 10],
    ];
    expect(when.map(([, phase, , step]) => [phase, step])).toEqual([...once, ...once]);
  });

  test('takes one phase-end in n, the first one among them', async () => {
    const { when } = await recorded({ variables: ['phi'], synapses: [5], at: 'phase-end', every: 3 });
    expect(when.map(([task, phase]) => [task, phase])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test('at meta-update holds the slow variables after it, and names no phase', async () => {
    const { seen, values, when } = await recorded({
      variables: ['lambda'],
      synapses: 'all',
      at: 'meta-update',
    });
    expect(rowsOf(values)).toEqual(seen.map(({ lambda }) => lambda));
    expect(values.data.slice(0, 13)).not.toEqual(Array(13).fill(0.5));
    expect(when).toEqual([
      [0, -1, 0, 1, Number.NaN],
      [1, -1, 0, 1, Number.NaN],
    ]);
  });

  test('ends a phase that settles sooner with the row of its last step', async () => {
    const { when } = await recorded(
      { variables: ['phi'], synapses: [5], at: 'step' },
      { tolerance: 0.3, stride: 4 },
    );
    const free = when.filter(([task, phase]) => task === 0 && phase === 0).map((row) => row[3]!);
    expect(free.at(-1)).toBeLessThan(23);
  });

  test('only listens: the simulation ends the same without it', async () => {
    const [bare, watched] = [smallSimulation(), smallSimulation()];
    const recorder = record(
      watched,
      { variables: ['phi'], synapses: 'all', at: 'step' },
      { folder, name: 'x' },
    );
    await Promise.all([bare.run({ metaSteps: 2 }), watched.run({ metaSteps: 2 })]);
    recorder.close();
    expect(watched.save()).toEqual(bare.save());
  });

  test('holds no more memory however many rows it writes', () => {
    const { population, stride } = smallSimulation();
    const events$ = new Subject<SimulationEvent>();
    const source = { population, stride, events$: events$.asObservable() };
    const recorder = record(
      source,
      { variables: ['phi'], synapses: 'all', at: 'meta-update' },
      { folder, name: 'long' },
    );
    const tell = (count: number) => {
      for (let task = 0; task < count; task++)
        events$.next({
          kind: 'meta-update',
          task,
          tasks: 1,
          taskName: 'long',
          metaGradient: {},
          moves: null,
        });
    };
    tell(1000);
    const before = bytesReachable(recorder);
    tell(50_000);
    expect(bytesReachable(recorder)).toBe(before);
    expect(before).toBeLessThan(300_000);
    recorder.close();
    expect(opened('long.npy').shape).toEqual([51_000, 1, 13]);
  });

  test.each(['', 'a/b', 'a.b'])('refuses the name "%s"', (name) => {
    const probe: Probe = { variables: ['phi'], synapses: 'all', at: 'step' };
    expect(() => record(smallSimulation(), probe, { folder, name })).toThrow(
      /name in the options of a recorder is not legal.*letters, digits/,
    );
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('never writes over a trace that is there', async () => {
    await recorded({ variables: ['phi'], synapses: [1], at: 'step' });
    const again = () =>
      record(smallSimulation(), { variables: ['phi'], synapses: [1], at: 'step' }, { folder, name: 'seen' });
    expect(again).toThrow(InputError);
    expect(again).toThrow(/never overwritten/);
  });

  test('goes on after the rows that a checkpoint knows of, and refuses a file that holds fewer', async () => {
    const probe: Probe = { variables: ['phi'], synapses: [1], at: 'phase-end' };
    const { values } = await recorded(probe);
    const simulation = smallSimulation();
    const recorder = record(simulation, probe, { folder, name: 'seen', resumeAt: 3 });
    expect(recorder.rows).toBe(3);
    await simulation.run({ metaSteps: 1 });
    recorder.close();
    expect(opened('seen.npy').data).toEqual([...values.data.slice(0, 3), ...values.data.slice(0, 2)]);
    expect(() => record(smallSimulation(), probe, { folder, name: 'seen', resumeAt: 6 })).toThrow(
      CheckpointError,
    );
  });
});

/** Bytes of the typed arrays and entries of the arrays that an object holds, at any depth. */
function bytesReachable(root: object): number {
  const seen = new Set<object>();
  const count = (value: unknown): number => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
    seen.add(value);
    if (ArrayBuffer.isView(value)) return value.byteLength;
    return (
      (Array.isArray(value) ? value.length : 0) +
      Object.values(value).reduce((sum, part) => sum + count(part), 0)
    );
  };
  return count(root);
}

describe('index.json', () => {
  test('tells shape, axes, variables with units, moments, and which connection each column is', async () => {
    await recorded({ variables: ['phi', 'omega'], synapses: [3, 7], at: 'step', every: 10 });
    expect(readTraceIndex(folder)).toEqual({
      seen: {
        ...{ file: 'seen.npy', shape: [6, 2, 2], axes: ['row', 'variable', 'synapse'], dtype: '<f8' },
        ...{ variables: ['phi', 'omega'], units: { phi: 'dimensionless', omega: 'dimensionless' } },
        ...{ at: 'step', every: 10 },
        synapses: [
          { index: 3, layer: 0, parameter: 'weight', from: 1, to: 1 },
          { index: 7, layer: 0, parameter: 'bias', from: null, to: 1 },
        ],
        when: {
          file: 'seen.when.npy',
          columns: ['task', 'phase', 'beta', 'step', 'residual'],
          units: [
            'index from 0',
            'index from 0 in the task; 0 is free, -1 is no phase but a meta-update',
            'nudging strength; 0 is free',
            'inner steps since the phase began; at a meta-update, how many tasks it is of',
            "norm of the augmented loss's gradient then; NaN at a meta-update",
          ],
        },
      },
    });
    expect(opened('seen.npy').shape).toEqual([6, 2, 2]);
  });

  test('tells the interval of steps that the stride sets, where the probe sets none', async () => {
    await recorded({ variables: ['phi'], synapses: [3], at: 'step' });
    expect(readTraceIndex(folder).seen!.every).toBe(5);
  });

  test('says of more than 1,000 synapses which parameters hold them, and stays as small; a reader finds each', () => {
    const layers = [dense(60, 50), dense(50, 1)];
    const network = defineNetwork({ input: [60], layers, loss: mse, synapse: complexSynapse });
    const population = new Population(complexSynapse, network.topology);
    population.set(
      'phi',
      Float64Array.from({ length: network.size }, (_, i) => i),
    );
    const events$ = new Subject<SimulationEvent>();
    const source = { population, stride: 1, events$: events$.asObservable() };
    const probe: Probe = { variables: ['phi'], synapses: 'all', at: 'meta-update' };
    const recorder = record(source, probe, { folder, name: 'all' });
    events$.next({
      kind: 'meta-update',
      task: 0,
      tasks: 1,
      taskName: 'large',
      metaGradient: {},
      moves: null,
    });
    recorder.close();
    expect(fs.statSync(path.join(folder, 'index.json')).size).toBeLessThan(2500);
    expect(fs.readFileSync(path.join(folder, 'index.json'), 'utf8')).toContain('[0, 3101, 1]');
    const asked = parseSynapses('0:bias:7,1:3:0');
    const { courses } = readTrace(folder, 'all', asked);
    expect(courses.map(({ synapse, values }) => [synapse.index, ...values])).toEqual([
      [3007, 3007],
      [3053, 3053],
    ]);
    expect(courses[0]!.synapse).toEqual({ index: 3007, layer: 0, parameter: 'bias', from: null, to: 7 });
    expect(() => readTrace(folder, 'all', parseSynapses('2:0:0'))).toThrow(
      /Legal: 0-3100, or 0:0-59:0-49, 0:bias:0-49, 1:0-49:0, 1:bias:0/,
    );
  });

  test('holds all traces of the folder, by name, and is empty where there is none', async () => {
    expect(readTraceIndex(folder)).toEqual({});
    const simulation = smallSimulation();
    for (const name of ['b', 'a']) {
      record(simulation, { variables: ['phi'], synapses: [0], at: 'step' }, { folder, name }).close();
    }
    expect(Object.keys(readTraceIndex(folder))).toEqual(['a', 'b']);
  });
});

describe('readTrace', () => {
  test('gives each course of the synapses asked for', async () => {
    const { seen } = await recorded({ variables: ['phi', 'lambda'], synapses: [3, 7], at: 'phase-end' });
    const { courses, moments } = readTrace(folder, 'seen', parseSynapses('7'));
    expect(moments).toHaveLength(4);
    expect(courses.map(({ variable, synapse }) => [variable, synapse.index])).toEqual([
      ['phi', 7],
      ['lambda', 7],
    ]);
    expect([...courses[0]!.values]).toEqual(seen.map(({ phi }) => phi[7]));
  });

  test('names the synapses there are as ranges', async () => {
    await recorded({ variables: ['phi'], synapses: [0, 1, 2, 7, 9, 10], at: 'phase-end' });
    expect(() => readTrace(folder, 'seen', parseSynapses('7,5'))).toThrow(
      /no such synapse. Got "5". Legal: 0-2,7,9-10, or /,
    );
  });
});

test.each([
  ['a trace that is nothing', { seen: null }],
  ['a file outside the folder', { seen: { ...whole, file: '../other.npy' } }],
  ['a companion outside the folder', { seen: { ...whole, when: { file: '/etc/passwd', columns: [] } } }],
  ['a shape of texts', { seen: { ...whole, shape: ['1', 2, 3] } }],
])('an index with %s is refused', (_, traces) => {
  fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ traces }));
  expect(() => readTraceIndex(folder)).toThrow(/holds no index of traces/);
});

describe('an account', () => {
  test('records beside the variables what the meta-step saw of each slow variable, and what it made of it', async () => {
    const simulation = smallSimulation();
    const probe = { variables: ['phi'], synapses: [2, 9], at: 'meta-update', account: true } as const;
    const recorder = record(simulation, probe, { folder, name: 'seen' });
    const seen: number[][] = [];
    simulation.events$.pipe(filter(isMetaUpdate)).subscribe(({ moves, metaGradient }) => {
      const of = (values: Float64Array) => [values[2]!, values[9]!];
      const now = (name: string) => of(simulation.population.values(name));
      seen.push([
        ...now('phi'),
        ...['omega', 'lambda'].flatMap((name) => [
          ...of(moves![name]!.value),
          ...of(metaGradient[name]!),
          ...[moves![name]!.scalars.rate!, moves![name]!.scalars.rate!],
          ...now(name),
        ]),
      ]);
    });
    await simulation.run({ metaSteps: 3 });
    recorder.close();
    const { variables, account } = readTraceIndex(folder).seen!;
    const columns = ['value', 'gradient', 'scalar.rate', 'after'];
    const names = ['omega', 'lambda'].flatMap((name) => columns.map((column) => `${name}.${column}`));
    expect(variables).toEqual(['phi', ...names]);
    expect(account!.columns.map(({ name }) => name)).toEqual(names);
    expect(account!.rule).toEqual(simulation.metaRule);
    expect(rowsOf(opened('seen.npy'))).toEqual(seen);
    expect(seen[1]![2]).toBe(seen[0]![8]); // omega before is omega after the meta-step before
  });

  test('has no row for an estimate, which moves nothing', async () => {
    const simulation = smallSimulation();
    const probe = { variables: ['phi'], synapses: [2], at: 'meta-update', account: true } as const;
    const recorder = record(simulation, probe, { folder, name: 'seen' });
    await simulation.metaStep();
    await simulation.estimate();
    recorder.close();
    expect(opened('seen.npy').shape).toEqual([1, 9, 1]);
  });

  test('is refused at other moments, and of what does not say how it moves', () => {
    const simulation = smallSimulation();
    const probe = { variables: ['phi'], synapses: [2], at: 'phase-end', account: true } as const;
    expect(() => record(simulation, probe, { folder, name: 'seen' })).toThrow(
      /when it does nothing\. Got "account at each phase-end"\. Legal: at: "meta-update"/,
    );
    const { events$, population, stride } = simulation;
    const updates = { ...probe, at: 'meta-update' } as const;
    expect(() => record({ events$, population, stride }, updates, { folder, name: 'other' })).toThrow(
      /does not say how its slow variables move/,
    );
  });
});

test('rows are seen by other processes before they are synced, and are then in the file twice never', async () => {
  const simulation = smallSimulation();
  const now = jest.spyOn(performance, 'now');
  let time = 0;
  now.mockImplementation(() => time);
  try {
    const recorder = record(
      simulation,
      { variables: ['phi'], synapses: [0], at: 'phase-end' },
      { folder, name: 'live' },
    );
    const held = () => fs.statSync(path.join(folder, 'live.npy')).size;
    const empty = held();
    await simulation.metaStep();
    expect(held()).toBe(empty);
    time += 600;
    await simulation.metaStep();
    // Shown by the first row behind half a second; the last one waits.
    expect(held()).toBe(empty + 3 * 8);
    expect(opened('live.npy').shape).toEqual([0, 1, 1]);
    recorder.close();
    expect(held()).toBe(empty + 4 * 8);
    expect(opened('live.npy').shape).toEqual([4, 1, 1]);
  } finally {
    now.mockRestore();
  }
});
