import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Problem } from '../../../src/inspector/protocol/live';
import type { RunDetails } from '../../../src/inspector/protocol/runs';
import { blocksOf } from '../../../src/inspector/server/traces/blocks';
import { RecordedSynapses } from '../../../src/trace/recorded-synapses';
import { makeRun } from '../../study/compare/made-runs';
import { TraceFiles } from './made-traces';
import { makeGrounds, type Serving, serving } from './serving';

const { runs } = makeGrounds();
const directory = makeRun(path.join(runs, 'a'), {});
new TraceFiles(directory, 'good', { synapses: 3 }).growTo(4).close();
const index = path.join(directory, 'traces/index.json');
const { good } = JSON.parse(fs.readFileSync(index, 'utf8')).traces;

let server: Serving;
beforeAll(async () => {
  server = await serving(runs);
});
afterAll(async () => {
  await server.served.close();
  expect(server.complaints).toEqual([]);
  fs.rmSync(path.dirname(runs), { recursive: true });
});

async function detailsWith(traces: object): Promise<RunDetails> {
  fs.writeFileSync(index, JSON.stringify({ traces }));
  return await server.json<RunDetails>('/api/run?id=a');
}

const synapse = { index: 0, layer: 0, parameter: 'weight', to: 0, from: 0 };
const listed = (...synapses: object[]) => ({ shape: [4, 1, synapses.length], synapses });
const block = { layer: 0, parameter: 'weight', shape: [3, 1], first: 0, ends: 'unit', axes: ['to', 'from'] };
const stored = (list: number[][], blocks: object[]) => ({
  shape: [4, 1, list.reduce((sum, [, count]) => sum + count!, 0)],
  synapses: { runs: list, blocks },
});
const whenOf = (columns: string[]) => ({ when: { ...good.when, columns } });
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));

describe('an entry of an index of traces is left out with a reason, and the others stay, where it has', () => {
  it.each<[string, object, RegExp]>([
    ['no columns of moments', whenOf(['a', 'b', 'c', 'd']), /begin with task, phase, beta, step/],
    ['them in another order', whenOf(['step', 'phase', 'beta', 'task']), /begin with task/],
    ['too few of them', whenOf(['task', 'phase']), /begin with task/],
    ['a list as its moment', { at: ['step'] }, /when it was recorded/],
    ['no parameter', listed({ ...synapse, parameter: 7 }), /not told what it connects/],
    ['a negative place', listed({ ...synapse, to: -1 }), /not told/],
    ['half a place', listed({ ...synapse, from: 0.5 }), /not told/],
    ['a text as a place', listed({ ...synapse, to: '1' }), /not told/],
    ['a place far away', listed({ ...synapse, to: 2 ** 40 }), /not told/],
    ['no place', listed({ index: 0, layer: 0, parameter: 'weight' }), /not told/],
    ['a matrix without end', listed({ ...synapse, to: 2 ** 30 }, { ...synapse, from: 2 ** 30 }), /more than/],
    ['a parameter without end', stored([[0, 3, 1]], [{ ...block, shape: [2 ** 20, 2 ** 20] }]), /more than/],
    ['indices without end', stored([[0, 3, 2 ** 31]], [block]), /behind 2147483648/],
    ['rows without end', stored([[0, 2 ** 32, 1]], [block]), /rows of more than/],
    ['parameters that overlap', stored([[0, 3, 1]], [block, block]), /not in order/],
    [
      'runs that overlap',
      stored(
        [
          [0, 3, 1],
          [2, 3, 1],
        ],
        [block],
      ),
      /not in order/,
    ],
    [
      'too many parameters',
      stored(
        [[0, 3, 1]],
        many(30_000, (i) => ({ ...block, first: 3 * i })),
      ),
      /more than 4096 parameters/,
    ],
    [
      'too many runs',
      stored(
        many(100_001, (i) => [2 * i, 1, 1]),
        [block],
      ),
      /more than 100000 progressions/,
    ],
  ])('%s', async (_what, change, reason) => {
    const { traces, damages } = await detailsWith({ bad: { ...good, ...change }, good });
    expect(traces.map(({ name }) => name)).toEqual(['good']);
    expect(damages).toEqual([expect.stringMatching(reason)]);
    expect(damages[0]).toContain('says of trace "bad"');
  });
});

it('shows the first thousand traces of an index of more, and says so', async () => {
  const { traces, damages } = await detailsWith(Object.fromEntries(many(1500, (i) => [`t${i}`, good])));
  expect(traces.length).toBe(1000);
  expect(damages).toEqual(['traces/index.json lists 1500 traces, of which the first 1000 are shown']);
});

it('reads no index that is nested too deep', async () => {
  fs.writeFileSync(index, `{"traces":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`);
  const { damages } = await server.json<RunDetails>('/api/run?id=a');
  expect(damages).toEqual(['traces/index.json is nested deeper than 100']);
});

it('sends no frame of more than 64 MB', async () => {
  const columns = 8_000_001;
  const folder = makeRun(path.join(runs, 'wide'), {});
  const files = new TraceFiles(folder, 'wide', { synapses: columns });
  files.close();
  fs.truncateSync(path.join(folder, 'traces/wide.npy'), 128 + 8 * columns);
  fs.appendFileSync(path.join(folder, 'traces/wide.when.npy'), Buffer.alloc(8 * 5));
  const answer = await server.get('/api/frame?id=wide&trace=wide&variable=phi&row=0');
  expect(answer.status).toBe(413);
  expect(((await answer.json()) as Problem).legal).toBe('up to 8000000');
});

describe('the parameters of a trace', () => {
  const shapes = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  });

  it('hold each column once, where its synapse lies, of however many runs and parameters', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 7 }), fc.nat(3), (sizes, step, gap) => {
        let first = 0;
        const blocks = sizes.map((shape, layer) => {
          const at = first;
          first += shape.reduce((product, axis) => product * axis, 1);
          return { layer, parameter: 'weight', shape, first: at, ends: 'unit' as const, axes: [] };
        });
        const list: [number, number, number][] = [];
        for (let at = gap; at < first; at += 3 * step + gap + 1)
          list.push([at, Math.min(3, Math.ceil((first - at) / step)), step]);
        if (list.length === 0) return;
        const all = { runs: list, blocks };
        const found = blocksOf(all).flatMap((each) =>
          each.cells.flatMap(([cell, count, by, column]) =>
            many(count, (i) => [column + i, each.first! + cell + i * by]),
          ),
        );
        const expected = [...new RecordedSynapses(all)].map(({ index }, column) => [column, index]);
        expect(found.sort((a, b) => a[0]! - b[0]!)).toEqual(expected);
      }),
    );
  });

  it('are found among as many as may be, and of 200,000 listed synapses', () => {
    const blocks = many(4096, (i) => ({ ...block, ends: 'unit' as const, shape: [50], first: 50 * i }));
    const begin = performance.now();
    const found = blocksOf({ runs: many(100_000, (i) => [2 * i, 1, 1] as const), blocks });
    expect(found.reduce((sum, { cells }) => sum + cells.length, 0)).toBe(100_000);
    const list = many(200_000, (i) => ({ ...synapse, index: i, to: i }));
    expect(blocksOf(list)[0]!.shape).toEqual([200_000, 1]);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});

describe('a trace of neurons in an index', () => {
  const { file, when } = good;
  const settling = {
    ...{ file, shape: [4, 1, 2], axes: ['row', 'sample', 'neuron'], variables: ['s'], at: 'sweep', every: 5 },
    ...{ sweeps: 20, samples: [0] },
    neurons: [
      { layer: 0, unit: 0 },
      { layer: 0, unit: 1 },
    ],
    when: { ...when, columns: ['task', 'phase', 'beta', 'step', 'sweep', 'on'] },
  };

  it('is listed beside those of synapses, and is no damage', async () => {
    const before = await detailsWith({ good });
    const { traces, settling: listed, damages } = await detailsWith({ good, settling });
    expect(listed).toEqual([{ name: 'settling', neurons: '0:0-1', samples: 1, every: 5 }]);
    expect([traces, damages]).toEqual([before.traces, before.damages]);
  });

  it.each<[string, object, RegExp]>([
    ['no place', { neurons: [{ layer: 0 }, { layer: 0, unit: 1 }] }, /no neurons that could be named/],
    ['a text as its neurons', { neurons: 'all' }, /no neurons/],
    ['half a sample', { samples: [0.5] }, /no samples/],
    ['another shape', { shape: [4, 1, 3] }, /a shape that its columns do not have/],
  ])('is left out with a reason where it has %s', async (_, wrong, reason) => {
    const { settling: listed, damages } = await detailsWith({ good, settling: { ...settling, ...wrong } });
    expect(listed).toEqual([]);
    expect(damages.filter((line) => line.includes('"settling"'))).toEqual([expect.stringMatching(reason)]);
  });
});
