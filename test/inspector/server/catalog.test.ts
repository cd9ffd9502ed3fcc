import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listingOf } from '../../../src/core/file-listing';
import type { RunDetails, RunList, RunRow } from '../../../src/inspector/protocol/runs';
import type { Curves } from '../../../src/inspector/protocol/traces';
import { identityOf } from '../../../src/run/directory/process-identity';
import { rewriteManifest } from '../../cli/command';
import { makeRun } from '../../study/compare/made-runs';
import { TraceFiles } from './made-traces';
import { makeGrounds, type Serving, secret, serving } from './serving';

const { runs, outside } = makeGrounds();
const at = (name: string) => path.join(runs, name);
let server: Serving;
beforeAll(async () => {
  server = await serving(runs);
});
afterAll(async () => {
  await server.served.close();
  expect(server.complaints).toEqual([]);
  fs.rmSync(path.dirname(runs), { recursive: true });
});

async function rowOf(id: string): Promise<RunRow> {
  const { runs: rows } = await server.json<RunList>('/api/runs');
  return rows.find((row) => row.id === id)!;
}

const lock = (directory: string, holder: object) =>
  fs.writeFileSync(
    path.join(directory, '.lock'),
    JSON.stringify({ ...identityOf(), token: '0123456789abcdef', ...holder }),
  );

describe('the list of runs', () => {
  it('says of a run what it was made of and what it came to', async () => {
    makeRun(at('whole'), {
      seed: 7,
      config: { beta: 0.1, free: { rate: 0.05, steps: 20 }, oneLambda: [1, 2] },
      stored: { engine: 'simd' },
      summary: {
        scenario: 'boston',
        test: { after: 0.25 },
        accuracy: [{ steps: 10, mean: 0.5 }],
        trust: { verdict: 'good' },
        none: null,
      },
    });
    expect(await rowOf('whole')).toMatchObject({
      id: 'whole',
      state: 'finished',
      problem: null,
      ...{ scenario: 'boston', preset: 'cpu', seed: 7, study: null },
      settings: { engine: 'simd', beta: 0.1, 'free.rate': 0.05, 'free.steps': 20, oneLambda: '[1,2]' },
      results: { 'test.after': 0.25, 'accuracy[steps=10].mean': 0.5, 'trust.verdict': 'good', none: null },
    });
  });

  it.each<[RunRow['state'], 'running' | 'stopped' | 'finished', object | null]>([
    ['running', 'running', {}],
    ['running', 'stopped', {}],
    ['dead', 'running', null],
    ['dead', 'running', { started: 'another boot/1' }],
    ['elsewhere', 'running', { host: 'another-host' }],
    ['stopped', 'stopped', null],
    ['finished', 'finished', null],
  ])('calls a run %s that says it is %s, with a lock of %j', async (state, written, holder) => {
    const directory = makeRun(
      at(`of-${state}-${written}-${holder === null ? 'none' : Object.keys(holder)}`),
      { state: written, summary: written === 'finished' ? {} : null },
    );
    if (holder !== null) lock(directory, holder);
    expect((await rowOf(path.basename(directory))).state).toBe(state);
  });

  it('has the last record of a run that goes on, and passes over one that is not whole', async () => {
    const directory = makeRun(at('going'), {
      state: 'running',
      summary: null,
      records: [
        { metaStep: 1, train: 3 },
        { metaStep: 2, train: 2, residuals: { '0': 1 } },
      ],
    });
    fs.appendFileSync(path.join(directory, 'metrics.ndjson'), '{"metaStep":3,"tr');
    expect((await rowOf('going')).results).toEqual({ metaStep: 2, train: 2, 'residuals.0': 1 });
  });

  it('finds runs in folders of the folder, and nothing in hidden ones', async () => {
    makeRun(at('sub/day/deep'), {});
    makeRun(at('.hidden/run'), {});
    makeRun(at('node_modules/run'), {});
    const { runs: rows } = await server.json<RunList>('/api/runs');
    const ids = rows.map(({ id }) => id);
    expect(ids).toContain('sub/day/deep');
    expect(ids.filter((id) => /hidden|node_modules/.test(id))).toEqual([]);
  });

  it('reads again only what has changed', async () => {
    const directory = makeRun(at('changing'), { summary: { loss: 1 } });
    await rowOf('changing');
    const opened = jest.spyOn(fs, 'openSync');
    expect((await rowOf('changing')).results).toEqual({ loss: 1 });
    const again = opened.mock.calls.length;
    opened.mockRestore();
    expect(again).toBe(0);
    fs.rmSync(directory, { recursive: true });
    makeRun(directory, { summary: { loss: 2 } });
    expect((await rowOf('changing')).results).toEqual({ loss: 2 });
    fs.rmSync(directory, { recursive: true });
    expect(await rowOf('changing')).toBeUndefined();
  });

  it('is not sent again to who has it', async () => {
    const first = await server.get('/api/runs');
    const same = await server.get('/api/runs', { 'if-none-match': first.headers.get('etag')! });
    expect([same.status, await same.text()]).toEqual([304, '']);
    makeRun(at('newer'), {});
    expect((await server.get('/api/runs', { 'if-none-match': first.headers.get('etag')! })).status).toBe(200);
  });

  it('is compressed for who takes it so', async () => {
    const { headers } = await server.get('/api/runs', { 'accept-encoding': 'gzip' });
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(
      (await server.get('/api/runs', { 'accept-encoding': 'identity' })).headers.get('content-encoding'),
    ).toBeNull();
  });
});

describe('a run that is not as it should be is listed with what is wrong, and its details are given:', () => {
  const write = (file: string, content: string) => (directory: string) =>
    fs.writeFileSync(path.join(directory, file), content);
  const replace = (file: string, by: (target: string) => void) => (directory: string) => {
    fs.rmSync(path.join(directory, file));
    by(path.join(directory, file));
  };
  const both =
    (...changes: ((directory: string) => void)[]) =>
    (directory: string) => {
      for (const change of changes) change(directory);
    };
  const without = (file: string) => (directory: string) => fs.rmSync(path.join(directory, file));

  it.each<[what: string, change: (directory: string) => void, problem: string]>([
    ['no manifest', without('manifest.json'), 'manifest.json is missing'],
    [
      'an empty manifest',
      write('manifest.json', ''),
      'manifest.json has other bytes than were written: it is no JSON',
    ],
    [
      'a manifest that was cut',
      (directory) => fs.truncateSync(path.join(directory, 'manifest.json'), 40),
      'it is no JSON',
    ],
    ['a manifest of a list', write('manifest.json', '[]'), 'manifest.json has other bytes than were written'],
    [
      'a manifest of nothing',
      write('manifest.json', 'null'),
      'manifest.json has other bytes than were written',
    ],
    [
      'a manifest of another format',
      write('manifest.json', '{"format":3}'),
      'its format is 3: another version of metaplast has written it',
    ],
    [
      'a folder for a manifest',
      replace('manifest.json', (file) => fs.mkdirSync(file)),
      'manifest.json is a folder',
    ],
    [
      'a manifest that links to nothing',
      replace('manifest.json', (file) => fs.symlinkSync('none', file)),
      'manifest.json is a link to nothing',
    ],
    [
      'a manifest that links out',
      replace('manifest.json', (file) => fs.symlinkSync(path.join(outside, 'summary.json'), file)),
      'manifest.json is a link that leads out of the served folder',
    ],
    [
      'a pipe for a manifest',
      replace('manifest.json', (file) => void execFileSync('mkfifo', [file])),
      'manifest.json is no file',
    ],
    [
      'a manifest larger than any',
      (directory) => fs.truncateSync(path.join(directory, 'manifest.json'), 65 * 2 ** 20),
      'manifest.json is larger than',
    ],
    ['no settings', without('config.json'), 'config.json is missing'],
    [
      'settings that were changed',
      write('config.json', '{"scenario":"toy"}'),
      'config.json has other bytes than were written',
    ],
    [
      'a link out for settings',
      replace('config.json', (file) => fs.symlinkSync(path.join(outside, 'summary.json'), file)),
      'config.json is a link that leads out',
    ],
    [
      'a changed summary',
      write('summary.json', '{"test":{"after":0}}'),
      'summary.json has other bytes than were written',
    ],
    [
      'a pipe for a summary',
      replace('summary.json', (file) => void execFileSync('mkfifo', [file])),
      'summary.json is no file',
    ],
    [
      'a link out for a summary',
      replace('summary.json', (file) => fs.symlinkSync(path.join(outside, 'summary.json'), file)),
      'summary.json is a link that leads out',
    ],
    [
      'neither',
      both(without('manifest.json'), write('config.json', '[1]')),
      'manifest.json is missing; config.json holds no object',
    ],
  ])('%s', async (what, change, problem) => {
    const id = what.replaceAll(' ', '-');
    const directory = makeRun(at(id), { summary: { test: { after: 1 } } });
    change(directory);
    const row = await rowOf(id);
    expect(row.problem).toContain(problem);
    expect(row.results).toEqual({});
    if (problem.startsWith('manifest') || problem.startsWith('config')) expect(row.state).toBe('broken');
    const details = await server.json<RunDetails>(`/api/run?id=${id}`);
    if (!problem.startsWith('config')) expect(details.summary).toBeNull();
    expect(JSON.stringify(details)).not.toContain(secret);
    // It keeps nothing of the others.
    expect((await rowOf('whole')).problem).toBeNull();
  });

  it('settings of wrong types', async () => {
    makeRun(at('odd-types'), { stored: { scenario: 5, seed: 'one', preset: [] } });
    expect(await rowOf('odd-types')).toMatchObject({
      state: 'broken',
      scenario: null,
      seed: null,
      preset: null,
      problem: 'config.json names no scenario',
    });
  });

  it('a summary deeper than any', async () => {
    const directory = makeRun(at('too-deep'), {});
    const text = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    fs.writeFileSync(path.join(directory, 'summary.json'), text);
    rewriteManifest(directory, ({ files }) => ({ files: { ...files, 'summary.json': listingOf(text) } }));
    expect(await rowOf('too-deep')).toMatchObject({
      state: 'finished',
      problem: 'summary.json is nested deeper than 100',
      results: {},
    });
    expect((await rowOf('whole')).problem).toBeNull();
  });

  it('links among runs', async () => {
    makeRun(path.join(outside, 'run'), { summary: { secret } });
    fs.symlinkSync(path.join(outside, 'run'), at('link-out'));
    fs.symlinkSync(at('nowhere'), at('link-to-nothing'));
    fs.symlinkSync('link-loop', at('link-loop'));
    fs.symlinkSync(runs, at('link-to-all'));
    fs.symlinkSync(at('whole'), at('link-to-whole'));
    expect(await rowOf('link-out')).toMatchObject({
      state: 'broken',
      problem: 'it is a link that leads out of the served folder',
      results: {},
    });
    expect(await rowOf('link-to-nothing')).toMatchObject({
      state: 'broken',
      problem: 'it is a link to nothing',
    });
    expect(await rowOf('link-loop')).toMatchObject({
      state: 'broken',
      problem: 'it is a link that leads back to itself',
    });
    expect(await rowOf('link-to-whole')).toMatchObject({
      state: 'finished',
      results: { 'test.after': 0.25 },
    });
    const { runs: rows } = await server.json<RunList>('/api/runs');
    expect(rows.filter(({ id }) => id.startsWith('link-to-all'))).toEqual([]);
    expect((await server.json<RunDetails>('/api/run?id=link-out')).row.state).toBe('broken');
  });

  it('traces that lead out, are pipes, or are of another shape', async () => {
    const directory = makeRun(at('odd-traces'), {});
    const traces = path.join(directory, 'traces');
    for (const name of ['fine', 'piped', 'linked', 'short', 'climbing'])
      new TraceFiles(directory, name, { synapses: 2 }).growTo(5).close();
    fs.writeFileSync(path.join(outside, 'data.npy'), fs.readFileSync(path.join(traces, 'fine.npy')));
    for (const name of ['piped.npy', 'linked.npy']) fs.rmSync(path.join(traces, name));
    execFileSync('mkfifo', [path.join(traces, 'piped.npy')]);
    fs.symlinkSync(path.join(outside, 'data.npy'), path.join(traces, 'linked.npy'));
    fs.writeFileSync(path.join(traces, 'short.npy'), 'x');
    const index = path.join(traces, 'index.json');
    const content = JSON.parse(fs.readFileSync(index, 'utf8'));
    content.traces.climbing.file = '../../../outside/data.npy';
    content.traces.odd = { file: 'fine.npy' };
    content.traces.lying = { ...content.traces.fine, shape: [5, 1, 1_000_000] };
    fs.writeFileSync(index, JSON.stringify(content));
    const { traces: listed, damages } = await server.json<RunDetails>('/api/run?id=odd-traces');
    expect(listed.map(({ name, rows }) => [name, rows])).toEqual([['fine', 5]]);
    for (const name of ['piped', 'linked', 'short', 'climbing', 'odd', 'lying']) {
      expect(damages.join('\n')).toContain(name);
      expect([400, 404]).toContain(
        (await server.get(`/api/frame?id=odd-traces&trace=${name}&variable=phi&row=0`)).status,
      );
      expect([400, 404]).toContain(
        (await server.get(`/api/course?id=odd-traces&trace=${name}&variables=phi&columns=0`)).status,
      );
    }
  });

  it('an index of traces that is none', async () => {
    const directory = makeRun(at('odd-index'), {});
    fs.mkdirSync(path.join(directory, 'traces'));
    for (const content of [
      '',
      '[]',
      '{"traces":[]}',
      '{"traces":{"a":null}}',
      '{"traces":{"a":{"file":"a.npy"}}}',
    ]) {
      fs.writeFileSync(path.join(directory, 'traces/index.json'), content);
      const { traces, damages } = await server.json<RunDetails>('/api/run?id=odd-index');
      expect([traces, damages.length]).toEqual([[], 1]);
    }
  });
});

describe('the details of a run', () => {
  it('name files that are not as they were written', async () => {
    const directory = makeRun(at('damaged'), { summary: { a: 1 }, records: [{ metaStep: 1, a: 1 }] });
    fs.writeFileSync(path.join(directory, 'summary.json'), '{"a":2}');
    fs.rmSync(path.join(directory, 'metrics.ndjson'));
    const { damages } = await server.json<RunDetails>('/api/run?id=damaged');
    expect(damages).toEqual(['metrics.ndjson is missing', 'summary.json has other bytes than were written']);
  });

  it('have the verdict of the run, of each method, and the exact checks beside it', async () => {
    const trust = {
      verdict: 'biased',
      because: 'so',
      advice: '--set beta=0.01',
      error: { bias: 0.5, settling: null, rounding: 1e-5 },
    };
    const neurons = { kind: 'dual', nudge: 0.1, order: 2, sweeps: 2, residual: 1e-4 };
    makeRun(at('trusted'), {
      summary: {
        trust: {
          ...trust,
          error: { ...trust.error, surrogate: 0.2, neural: null },
          evidence: { beta: 0.1, order: 2, neurons },
        },
        exactChecks: [
          { metaStep: 0, relativeError: 0.14 },
          { metaStep: 5, relativeError: null },
        ],
        methods: { maml: { trust: null }, contrastive: { trust: { ...trust, error: null } } },
      },
    });
    const { trust: found } = await server.json<RunDetails>('/api/run?id=trusted');
    expect(found).toEqual([
      {
        label: null,
        verdict: 'biased',
        because: 'so',
        advice: '--set beta=0.01',
        beta: 0.1,
        order: 2,
        error: { bias: 0.5, settling: null, rounding: 1e-5 },
        neurons: { kind: 'dual', nudge: 0.1, sweeps: 2, surrogate: 0.2, neural: null },
        tolerated: Math.sqrt(0.1),
        exact: [{ metaStep: 0, relativeError: 0.14 }],
      },
      {
        label: 'contrastive',
        verdict: 'biased',
        because: 'so',
        advice: '--set beta=0.01',
        beta: null,
        order: null,
        error: null,
        neurons: null,
        tolerated: Math.sqrt(0.1),
        exact: [],
      },
    ]);
  });

  it('have blocks of synapses, one by one or as runs', async () => {
    const directory = makeRun(at('blocks'), {});
    const listed = [
      { index: 14, layer: 0, parameter: 'weight', from: 1, to: 1 },
      { index: 27, layer: 0, parameter: 'weight', from: 1, to: 2 },
      { index: 260, layer: 0, parameter: 'bias', from: null, to: 0 },
      {
        index: 300,
        layer: 3,
        parameter: 'weight',
        from: 2,
        row: 1,
        column: 0,
        to: 1,
        ends: 'channel' as const,
      },
    ];
    new TraceFiles(directory, 'listed', { synapses: listed }).close();
    const whole = {
      layer: 0,
      parameter: 'weight',
      shape: [4, 3],
      first: 0,
      ends: 'unit' as const,
      axes: ['to', 'from'],
    };
    const bias = { ...whole, parameter: 'bias', shape: [4], first: 12, axes: ['to'] };
    new TraceFiles(directory, 'runs', { synapses: { runs: [[1, 5, 3]], blocks: [whole, bias] } }).close();
    const { traces } = await server.json<RunDetails>('/api/run?id=blocks');
    expect(traces.find(({ name }) => name === 'listed')!.blocks).toEqual([
      // Two synapses tell that there are 13 sources.
      {
        layer: 0,
        parameter: 'weight',
        shape: [3, 13],
        axes: ['to', 'from'],
        ends: 'unit',
        first: 0,
        cells: [[14, 2, 13, 0]],
      },
      {
        layer: 0,
        parameter: 'bias',
        shape: [1],
        axes: ['to'],
        ends: 'unit',
        first: 260,
        cells: [[0, 1, 1, 2]],
      },
      {
        layer: 3,
        parameter: 'weight',
        shape: [2, 3, 2, 1],
        axes: ['to', 'from', 'row', 'column'],
        ends: 'channel',
        first: 289,
        cells: [[11, 1, 1, 3]],
      },
    ]);
    expect(traces.find(({ name }) => name === 'runs')!.blocks).toEqual([
      { ...whole, cells: [[1, 4, 3, 0]] },
      { ...bias, cells: [[1, 1, 3, 4]] },
    ]);
  });

  it('says whose each trace is, where its entry does, and takes none whose entry has something else there', async () => {
    const directory = makeRun(at('sources'), {});
    for (const [name, source] of Object.entries({ first: 'maml', second: 'maml', old: undefined, odd: 3 }))
      new TraceFiles(directory, name, { synapses: 2, source }).growTo(5).close();
    const { traces, damages } = await server.json<RunDetails>('/api/run?id=sources');
    expect(traces.map(({ name, source }) => [name, source])).toEqual([
      ['first', 'maml'],
      ['second', 'maml'],
      ['old', null],
    ]);
    expect(damages.join()).toContain('"odd"');
  });
});

describe('curves', () => {
  it('are the records of runs, by what counts them and by method', async () => {
    const records = [
      { method: 'maml', metaStep: 1, loss: 3 },
      { method: 'contrastive', metaStep: 1, loss: 5 },
      { method: 'maml', metaStep: 2, loss: null },
      { method: 'maml', tasks: 10, steps: [0, 5], unseen: [{ mean: 1 }, { mean: 2 }] },
    ];
    makeRun(at('curved'), { records });
    makeRun(at('curved-too'), { records: [{ error: 1 }, { error: 2 }] });
    const { metrics } = await server.json<RunDetails>('/api/run?id=curved');
    expect(metrics).toEqual(['loss', 'unseen[steps=0].mean', 'unseen[steps=5].mean', 'unseen[last].mean']);
    const { curves } = await server.json<Curves>(
      '/api/curves?id=curved&id=curved-too&id=none&metric=loss&metric=unseen[last].mean&metric=error',
    );
    expect(curves).toEqual([
      { id: 'curved', metric: 'loss', by: 'metaStep', group: 'maml', x: [1, 2], y: [3, null] },
      { id: 'curved', metric: 'loss', by: 'metaStep', group: 'contrastive', x: [1], y: [5] },
      { id: 'curved', metric: 'unseen[last].mean', by: 'tasks', group: 'maml', x: [10], y: [2] },
      { id: 'curved-too', metric: 'error', by: 'line', group: null, x: [0, 1], y: [1, 2] },
    ]);
  });

  it('grow with the file, and begin again where it was cut', async () => {
    const directory = makeRun(at('curve-grows'), { state: 'running', records: [{ metaStep: 1, a: 1 }] });
    const file = path.join(directory, 'metrics.ndjson');
    const ask = async () => (await server.json<Curves>('/api/curves?id=curve-grows&metric=a')).curves[0]!.y;
    expect(await ask()).toEqual([1]);
    fs.appendFileSync(file, '{"metaStep":2,"a":2}\n{"metaStep":3,"a"');
    expect(await ask()).toEqual([1, 2]);
    fs.appendFileSync(file, ':3}\nno JSON\n{"metaStep":4,"a":4}\n');
    expect(await ask()).toEqual([1, 2, 3, 4]);
    fs.truncateSync(file, 20);
    fs.appendFileSync(
      file,
      '\n{"metaStep":2,"a":20}\n{"metaStep":3,"a":30}\n{"metaStep":4,"a":40}\n{"metaStep":5,"a":50}\n',
    );
    expect(await ask()).toEqual([1, 20, 30, 40, 50]);
  });

  it('of many points keep the lowest, the highest, and the gaps', async () => {
    const records = Array.from({ length: 5000 }, (_, i) => ({
      metaStep: i,
      a: i === 777 ? 1e6 : i === 3333 ? -1e6 : i === 2222 ? null : Math.sin(i),
    }));
    makeRun(at('curve-long'), { records });
    const { curves } = await server.json<Curves>('/api/curves?id=curve-long&metric=a&most=90');
    const { x, y } = curves[0]!;
    expect(x.length).toBeLessThanOrEqual(90);
    expect(y[x.indexOf(777)]).toBe(1e6);
    expect(y[x.indexOf(3333)]).toBe(-1e6);
    expect(y[x.indexOf(2222)]).toBeNull();
    expect(x).toEqual([...x].sort((a, b) => a - b));
  });

  it('of many points keep the same steps whatever their values, if that is asked for', async () => {
    const ids = ['curve-even-1', 'curve-even-2', 'curve-even-short'];
    ids.forEach((id, seed) => {
      const records = Array.from({ length: id.endsWith('short') ? 80 : 5000 }, (_, i) => ({
        metaStep: 3 * i,
        a: Math.sin(1e4 * (i + seed) ** 2),
      }));
      makeRun(at(id), { records });
    });
    const asked = ids.map((id) => `id=${id}`).join('&');
    const { curves } = await server.json<Curves>(`/api/curves?${asked}&metric=a&most=90&thin=even`);
    const [one, two, short] = curves.map(({ x }) => x);
    expect(one).toEqual([...Array.from({ length: 79 }, (_, i) => 192 * i), 3 * 4999]);
    expect(two).toEqual(one);
    expect(short).toEqual(Array.from({ length: 80 }, (_, i) => 3 * i));
    expect(curves[1]!.y[1]).toBe(Math.sin(1e4 * 65 ** 2));
    const response = await server.get('/api/curves?id=curve-even-1&metric=a&thin=odd');
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('extremes, even'),
    ]);
  });
});

describe('a figure', () => {
  it('is sent in each of its forms, and no other file of the folder is', async () => {
    const directory = makeRun(at('drawn'), {});
    fs.mkdirSync(path.join(directory, 'plots'));
    const contents = {
      'plots/loss.json': '{"title":"Loss","caption":"by step"}',
      'plots/loss.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    };
    for (const [file, text] of Object.entries(contents)) fs.writeFileSync(path.join(directory, file), text);
    fs.writeFileSync(path.join(directory, 'plots/own.svg'), 'own');
    rewriteManifest(directory, ({ files }) => ({
      files: {
        ...files,
        ...Object.fromEntries(Object.entries(contents).map(([file, text]) => [file, listingOf(text)])),
      },
    }));
    expect((await server.json<RunDetails>('/api/run?id=drawn')).figures).toEqual([
      { name: 'loss', title: 'Loss', caption: 'by step' },
    ]);
    const response = await server.get('/api/figure?id=drawn&name=loss&as=svg');
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    for (const asked of ['name=loss&as=png', 'name=own&as=svg', 'name=loss&as=txt'])
      expect([400, 404]).toContain((await server.get(`/api/figure?id=drawn&${asked}`)).status);
  });
});

describe('a folder', () => {
  it('without runs has none', async () => {
    const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-empty-'));
    const other = await serving(empty);
    expect(await other.json<RunList>('/api/runs')).toMatchObject({ folder: empty, runs: [], studies: [] });
    fs.rmSync(empty, { recursive: true });
    // Removed while it is served.
    expect((await other.json<RunList>('/api/runs')).runs).toEqual([]);
    await other.served.close();
  });

  it('that is a run is served as the one run that there is, and nothing beside it', async () => {
    const one = await serving(at('whole'));
    const { runs: rows } = await one.json<RunList>('/api/runs');
    expect(rows.map(({ id }) => id)).toEqual(['whole']);
    expect((await one.json<RunDetails>('/api/run?id=whole')).row.results).toMatchObject({
      'test.after': 0.25,
    });
    expect((await one.get('/api/run?id=curved')).status).toBe(404);
    await one.served.close();
  });
});

describe('a run of files that are larger than any that metaplast writes', () => {
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it('has the first cells of many, and they are found without looking at all', async () => {
    const config = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, i]));
    makeRun(at('many'), { config, summary: { list: Array.from({ length: 500_000 }, (_, i) => i % 10) } });
    const row = await rowOf('many');
    expect(row.problem).toBeNull();
    expect(Object.keys(row.results)).toEqual(Array.from({ length: 300 }, (_, i) => `list[${i}]`));
    expect(Object.keys(row.settings).filter((key) => key !== 'version')).toEqual(
      Array.from({ length: 300 }, (_, i) => `k${i}`),
    );
    fs.rmSync(at('many'), { recursive: true });
  });

  it('says which file is too large, or nested too deep, and shows the others', async () => {
    const list = Array.from({ length: 1_100_000 }, () => 111);
    makeRun(at('large-summary'), { summary: { list } });
    makeRun(at('large-config'), { config: { list } });
    makeRun(at('deep-summary'), {});
    const summary = deep(20_000);
    fs.writeFileSync(at('deep-summary/summary.json'), summary);
    rewriteManifest(at('deep-summary'), ({ files }) => ({
      files: { ...files, 'summary.json': listingOf(summary) },
    }));
    expect(await rowOf('large-summary')).toMatchObject({
      state: 'finished',
      problem: 'summary.json is larger than 4194304 bytes',
    });
    expect(await rowOf('large-config')).toMatchObject({
      state: 'broken',
      problem: 'config.json is larger than 4194304 bytes',
    });
    expect(await rowOf('deep-summary')).toMatchObject({
      state: 'finished',
      problem: 'summary.json is nested deeper than 100',
    });
    for (const id of ['large-summary', 'large-config', 'deep-summary'])
      fs.rmSync(at(id), { recursive: true });
  });

  it('names in its damages an environment and records that are nested too deep', async () => {
    makeRun(at('deep-rest'), { records: [{ metaStep: 1, loss: 2 }] });
    fs.writeFileSync(at('deep-rest/env.json'), deep(50_000));
    fs.appendFileSync(at('deep-rest/metrics.ndjson'), `${deep(50_000)}\n{"metaStep":2,"loss":"]]"}\n`);
    const { damages, environment, metrics } = await server.json<RunDetails>('/api/run?id=deep-rest');
    expect(environment).toEqual({});
    expect(metrics).toEqual(['loss']);
    expect(damages).toContain('env.json is nested deeper than 100');
    expect(damages).toContain('metrics.ndjson: line 2 is nested deeper than 100');
    fs.writeFileSync(at('deep-rest/env.json'), `{"text":"${'['.repeat(200)}\\"${'{'.repeat(200)}"}`);
    const again = await server.json<RunDetails>('/api/run?id=deep-rest');
    expect(again.damages.filter((line) => line.startsWith('env.json'))).toEqual([]);
    fs.rmSync(at('deep-rest'), { recursive: true });
  });
});
