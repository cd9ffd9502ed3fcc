import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'npyjs';
import { InputError } from '../../src/core/errors';
import { isSweep, type SweepEvent } from '../../src/learning/events';
import { parseNeurons } from '../../src/trace/asked-neurons';
import type { NeuronProbe } from '../../src/trace/neuron-probe';
import { neuronTable } from '../../src/trace/read-neurons';
import { isOfNeurons, readAllTraces, readTraceIndex, record } from '../../src/trace/recorder';
import { settling } from '../credit/settling';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-neurons-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Opened by a reader that is not ours. */
function opened(file: string): { shape: number[]; data: number[] } {
  const bytes = fs.readFileSync(path.join(folder, file));
  const { shape, data } = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { shape, data: [...(data as Float64Array)] };
}

/** Records two meta-steps, and the sweeps that the simulation reported. */
async function recorded(probe: NeuronProbe, sweepStride = 2) {
  const simulation = settling({ sweepStride });
  const recorder = record(simulation, probe, { folder, name: 'seen' });
  const seen: SweepEvent[] = [];
  simulation.events$.subscribe((event) => {
    if (isSweep(event)) seen.push(event);
  });
  await simulation.run({ metaSteps: 2 });
  recorder.close();
  await simulation.close();
  const most = recorder.mostBytes({ plan: simulation.plan, tasks: 2 });
  const bytes = ['seen.npy', 'seen.when.npy'].map((file) => fs.statSync(path.join(folder, file)).size);
  return { seen, most, bytes: bytes[0]! + bytes[1]!, entry: readAllTraces(folder).seen! };
}

/** The state of a unit in a sample, as an event has it; layer 0 has 4 neurons, layer 2 has 2. */
const stateIn = ({ states, samples }: SweepEvent, layer: number, unit: number, sample: number) => {
  const [place, width] = layer === 0 ? [0, 4] : [1, 2];
  return sample < samples ? states[place]![sample * width + unit]! : Number.NaN;
};

describe('a trace of neurons', () => {
  it('is [row][sample][neuron] as they were, for any reader of .npy, and index.json says which', async () => {
    const neurons = [
      { layer: 2, unit: 1 },
      { layer: 0, unit: 3 },
    ];
    const { seen, entry } = await recorded({ neurons, samples: [2, 0], at: 'sweep' });
    const { shape, data } = opened('seen.npy');
    expect(shape).toEqual([seen.length, 2, 2]);
    expect(data).toEqual(
      seen.flatMap((event) =>
        [2, 0].flatMap((sample) => [stateIn(event, 0, 3, sample), stateIn(event, 2, 1, sample)]),
      ),
    );
    expect(data.some(Number.isNaN)).toBe(true); // of what is replayed, which has two samples
    expect(entry).toMatchObject({
      axes: ['row', 'sample', 'neuron'],
      variables: ['s'],
      units: { s: 'dimensionless' },
      neurons: [
        { layer: 0, unit: 3 },
        { layer: 2, unit: 1 },
      ],
      samples: [2, 0],
      ...{ at: 'sweep', every: 2, sweeps: 7 },
    });
    expect(entry.when.columns).toHaveLength(entry.when.units.length);
    const when = opened('seen.when.npy');
    expect(when.shape).toEqual([seen.length, 6]);
    expect(when.data).toEqual(
      seen.flatMap(({ task, phase, beta, step, sweep, on }) => [
        ...[task, phase, beta, step, sweep],
        on === 'train' ? 0 : 1,
      ]),
    );
  });

  it('opens in NumPy', async () => {
    const { seen } = await recorded({ neurons: { layer: 0 }, at: 'sweep' });
    const script = `import numpy as np; s = np.load("${path.join(folder, 'seen.npy')}"); print(s.shape, s.dtype, repr(float(s[5, 0, 2])))`;
    let printed: string;
    try {
      printed = execFileSync('python3', ['-c', script], { encoding: 'utf8' });
    } catch (error) {
      if (/No module named|ENOENT/.test(String(error))) return; // a machine without NumPy
      throw error;
    }
    expect(printed.trim()).toBe(`(${seen.length}, 1, 4) float64 ${seen[5]!.states[0]![2]}`);
  });

  it('has one sweep in n, and one phase, where that is asked for', async () => {
    const { seen, entry } = await recorded({ neurons: 'all', at: 'sweep', every: 4, phase: 1 });
    const wanted = seen.filter(({ sweep, phase }) => sweep % 4 === 0 && phase === 1);
    expect(entry.shape).toEqual([wanted.length, 1, 6]);
    expect(entry.every).toBe(4);
    expect(opened('seen.npy').data).toEqual(
      wanted.flatMap(({ states: [first, last] }) => [...first!.slice(0, 4), ...last!.slice(0, 2)]),
    );
  });

  it('is as large as was said before, where no phase settles early', async () => {
    for (const probe of [
      { neurons: 'all', samples: [0, 1], at: 'sweep' },
      { neurons: { layer: 2, unit: 0 }, at: 'sweep', every: 6, phase: 0 },
    ] as const) {
      const { most, bytes } = await recorded(probe);
      expect(bytes).toBe(most);
      fs.rmSync(folder, { recursive: true });
      fs.mkdirSync(folder);
    }
  });

  it('is read back, and is no trace of synapses', async () => {
    const { seen, entry } = await recorded({ neurons: 'all', samples: [1], at: 'sweep' });
    expect(readTraceIndex(folder)).toEqual({});
    if (!isOfNeurons(entry)) throw new Error('It is of synapses');
    const { courses, moments } = neuronTable(folder, entry, parseNeurons('0:1-2,2:0'));
    expect(courses.map(({ layer, unit, sample }) => [layer, unit, sample])).toEqual([
      [0, 1, 1],
      [0, 2, 1],
      [2, 0, 1],
    ]);
    expect([...courses[1]!.values]).toEqual(seen.map((event) => stateIn(event, 0, 2, 1)));
    expect(moments).toHaveLength(seen.length);
    expect(() => neuronTable(folder, entry, parseNeurons('0:9'))).toThrow('Legal: 0:0-3, 2:0-1');
  });

  it('beside a trace of synapses leaves each as it would be alone', async () => {
    const alone = settling({ sweepStride: 2 });
    const both = settling({ sweepStride: 2 });
    const phi = { variables: ['phi'], synapses: 'all', at: 'step' } as const;
    const s = { neurons: 'all', at: 'sweep' } as const;
    const recorders = [
      record(alone, phi, { folder, name: 'alone' }),
      record(both, phi, { folder, name: 'phi' }),
      record(both, s, { folder, name: 's' }),
    ];
    await Promise.all([alone.metaStep(), both.metaStep()]);
    for (const recorder of recorders) recorder.close();
    expect(both.save()).toEqual(alone.save());
    expect(opened('phi.npy')).toEqual(opened('alone.npy'));
    expect(Object.keys(readAllTraces(folder))).toEqual(['alone', 'phi', 's']);
    expect(Object.keys(readTraceIndex(folder))).toEqual(['alone', 'phi']);
    await Promise.all([alone.close(), both.close()]);
  });

  it('is refused where nothing is reported of neurons, or the probe does not fit it', async () => {
    const options = { folder, name: 'no' };
    const probe = { neurons: 'all', at: 'sweep' } as const;
    expect(() => record(settling(), probe, options)).toThrow('none are reported');
    const simulation = settling({ sweepStride: 2 });
    for (const [wrong, message] of [
      [{ ...probe, every: 3 }, 'Legal: multiples of the sweepStride, 2'],
      [{ ...probe, neurons: { layer: 1 } }, 'Legal: layer 0 with units 0 to 3, layer 2 with units 0 to 1'],
      [{ ...probe, neurons: [] }, 'Got "none"'],
      [{ ...probe, samples: [0, 0] }, 'each once'],
      [{ ...probe, neurons: { unit: 1 } }, 'a list of such'],
      [{ ...probe, variables: ['phi'] }, 'variables'],
    ] as const)
      expect(() => record(simulation, wrong as never, options)).toThrow(message);
    expect(() => parseNeurons('0:3:4')).toThrow(InputError);
    expect(() => parseNeurons('3-1:0')).toThrow(InputError);
  });

  it('is no index of traces where its neurons do not fit its shape', async () => {
    await recorded({ neurons: 'all', at: 'sweep' });
    const file = path.join(folder, 'index.json');
    const { traces } = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (const wrong of [{ neurons: [{ layer: 0 }] }, { samples: [0, 1] }, { every: 0 }]) {
      fs.writeFileSync(file, JSON.stringify({ traces: { seen: { ...traces.seen, ...wrong } } }));
      expect(() => readAllTraces(folder)).toThrow('holds no index of traces');
    }
  });
});
