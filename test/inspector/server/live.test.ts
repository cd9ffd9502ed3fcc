import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { RunList } from '../../../src/inspector/protocol/runs';
import { rewriteManifest } from '../../cli/command';
import { makeRun } from '../../study/compare/made-runs';
import { type Heard, type Listening, listen } from './events';
import { TraceFiles } from './made-traces';
import { makeGrounds, type Serving, serving } from './serving';

const { runs } = makeGrounds();
const at = (name: string) => path.join(runs, name);
makeRun(at('a'), { summary: { loss: 1 } });
makeRun(at('b'), { state: 'running', summary: null, records: [{ metaStep: 1, loss: 2 }] });
const trace = new TraceFiles(at('b'), 'steps', { synapses: 2 }).growTo(5);

let server: Serving;
const listening: Listening[] = [];
const join = async (query = '', headers = {}) => {
  const one = await listen(`http://127.0.0.1:${server.port}/api/live${query}`, headers);
  listening.push(one);
  return one;
};
const changedIds = ({ runs: events }: Heard) => events.flatMap(({ changed }) => changed.map(({ id }) => id));
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(10);
}

beforeAll(async () => {
  server = await serving(runs);
});
afterEach(async () => {
  for (const one of listening.splice(0)) one.stop();
  await until(() => server.served.inspector.live.size === 0);
});
afterAll(async () => {
  trace.close();
  await server.served.close();
  expect(server.complaints).toEqual([]);
  fs.rmSync(path.dirname(runs), { recursive: true });
});

describe('who listens', () => {
  it('is told of all runs first, and then of what changes, comes and goes', async () => {
    const { heard, until } = await join();
    await until(({ runs: [first] }) => first !== undefined);
    expect(heard.runs[0]).toMatchObject({ all: true, gone: [] });
    expect(changedIds(heard)).toEqual(['a', 'b']);
    makeRun(at('c'), {});
    await until((now) => changedIds(now).includes('c'));
    expect(heard.runs[1]!.all).toBe(false);
    expect(heard.runs[1]!.changed.map(({ id }) => id)).toEqual(['c']);
    fs.rmSync(at('c'), { recursive: true });
    await until(({ runs: events }) => events.at(-1)!.gone.includes('c'));
    rewriteManifest(at('b'), () => ({ state: 'stopped' }));
    await until(({ runs: events }) =>
      events.at(-1)!.changed.some(({ id, state }) => id === 'b' && state === 'stopped'),
    );
    rewriteManifest(at('b'), () => ({ state: 'running' }));
    await until(({ runs: events }) =>
      events.at(-1)!.changed.some(({ id, state }) => id === 'b' && state === 'dead'),
    );
  });

  it('goes on from a list, or from the last event that it had, and hears nothing twice', async () => {
    for (const how of ['since', 'last-event-id']) {
      const { revision } = await server.json<RunList>('/api/runs');
      const one = await (how === 'since' ? join(`?since=${revision}`) : join('', { [how]: revision }));
      await pause(100);
      expect(one.heard.runs).toEqual([]);
      fs.utimesSync(at('a/summary.json'), new Date(), new Date());
      await one.until(({ runs: events }) => events.length > 0);
      expect(one.heard.runs[0]).toMatchObject({ all: false });
      expect(changedIds(one.heard)).toEqual(['a']);
    }
  });

  it('hears everything where what it had is of another server', async () => {
    for (const since of [
      '0123456789ab-5',
      'x',
      '-1',
      `${(await server.json<RunList>('/api/runs')).revision}9`,
    ]) {
      const { until } = await join(`?since=${since}`);
      await until(({ runs: [first] }) => first?.all === true);
    }
  });

  it('hears how far the runs have come that it asks for', async () => {
    const { heard, until } = await join('?id=b&id=none');
    await until(({ run }) => run.length > 0);
    expect(heard.run).toEqual([{ id: 'b', state: 'dead', traces: { steps: 5 }, metrics: 1 }]);
    trace.growTo(12);
    fs.appendFileSync(at('b/metrics.ndjson'), '{"metaStep":2}\n{"metaStep":3');
    await until(({ run }) => run.at(-1)!.traces.steps === 12 && run.at(-1)!.metrics === 2);
  });

  it('shares one look with all others, and nothing is looked at once nobody is there', async () => {
    const looks = jest.spyOn(server.served.inspector.catalog, 'refresh');
    for (let i = 0; i < 20; i++) await join('?id=b');
    looks.mockClear();
    await pause(1600);
    expect(looks.mock.calls.length).toBeGreaterThan(0);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(4);
    for (const one of listening.splice(0)) one.stop();
    await until(() => server.served.inspector.live.size === 0);
    looks.mockClear();
    await pause(1200);
    expect(looks.mock.calls.length).toBe(0);
    looks.mockRestore();
  });

  it('is refused where too many listen, until one leaves', async () => {
    for (let i = 0; i < 64; i++) await join();
    await expect(join()).rejects.toThrow('503');
    listening.pop()!.stop();
    await until(() => server.served.inspector.live.size === 63);
    await join();
  });

  it('is made nothing for while it takes nothing', async () => {
    // Events larger than what the system keeps for a connection.
    const text = 'x'.repeat(180);
    const config = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${text}${i}`, text]));
    for (let i = 0; i < 100; i++) makeRun(at(`large-${i}`), { config });
    const socket = net.connect(server.port, '127.0.0.1');
    socket.pause();
    socket.write(`GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
    await until(() => server.served.inspector.live.size === 1);
    const asked = jest.spyOn(server.served.inspector.catalog, 'since');
    const { catalog } = server.served.inspector;
    for (let turn = 0; turn < 6; turn++) {
      const before = catalog.revision;
      for (let i = 0; i < 100; i++)
        fs.utimesSync(at(`large-${i}/summary.json`), new Date(turn), new Date(turn));
      await until(() => catalog.revision >= before + 100);
    }
    // Two that were taken before the head of the answer was sent, and one that waits.
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
    asked.mockRestore();
    socket.destroy();
    await until(() => server.served.inspector.live.size === 0);
    for (let i = 0; i < 100; i++) fs.rmSync(at(`large-${i}`), { recursive: true });
  });
});

describe('a run that nobody can look at', () => {
  it('is broken, complained of once, and keeps nothing of the others', async () => {
    const { metrics } = server.served.inspector;
    const read = metrics.read.bind(metrics);
    const failing = jest.spyOn(metrics, 'read').mockImplementation((place) => {
      if (place.id === 'a') throw new RangeError('of a test');
      return read(place);
    });
    const first = await join('?id=a&id=b');
    const second = await join('?id=a&id=b');
    for (const { heard, until } of [first, second]) {
      await until(({ run: events }) => events.length >= 2);
      expect(heard.run.find(({ id }) => id === 'a')).toMatchObject({
        state: 'broken',
        traces: {},
        metrics: 0,
      });
      expect(heard.run.find(({ id }) => id === 'b')!.metrics).toBeGreaterThan(0);
    }
    expect(server.complaints.splice(0)).toEqual([expect.stringContaining('of a test')]);
    failing.mockRestore();
  });

  it('takes no place of those who listen for one that was never let in', async () => {
    const { live, catalog } = server.served.inspector;
    const known = jest.spyOn(catalog, 'known').mockImplementation(() => {
      throw new RangeError('of a test');
    });
    const [first, second] = [await join(), await server.get('/api/live?id=a')];
    expect(second.status).toBe(500);
    known.mockRestore();
    server.complaints.splice(0);
    expect(live.size).toBe(1);
    first.stop();
  });
});
