import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { RunDetails, RunList } from '../../../src/inspector/protocol/runs';
import { command, type Running, snapshot, start, startedUntil } from '../../cli/command';
import { makeRun } from '../../study/compare/made-runs';
import { writeMiniScenario } from '../../study/mini-scenario';
import { type Listening, listen } from './events';
import { makeGrounds } from './serving';

const { runs, outside } = makeGrounds();
const started: Running[] = [];
const listening: Listening[] = [];
afterAll(async () => {
  for (const one of listening) one.stop();
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  fs.rmSync(path.dirname(runs), { recursive: true });
});

/** `metaplast inspect`, once it has printed where it is. */
async function inspect(...argv: string[]): Promise<Running & { readonly address: string }> {
  const running = start(['inspect', ...argv]);
  started.push(running);
  const address = await new Promise<string>((resolve) => {
    running.child.stdout!.once('data', (line) => resolve(String(line)));
    running.ended.then(({ err }) => resolve(err));
  });
  return { ...running, address: address.trim() };
}

const ask = async <T>(address: string): Promise<T> => (await fetch(address)).json() as Promise<T>;

describe('metaplast inspect', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints where it is and nothing else, and ends well by %s with pages open',
    async (signal) => {
      const { child, address, ended } = await inspect(runs, '--port', '0');
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const page = await listen(`${address}api/live`);
      listening.push(page);
      child.kill(signal);
      expect(await ended).toEqual({ status: 0, out: `${address}\n`, err: '' });
    },
  );

  it('says what to do where the folder is missing, is a file, or the port is taken', async () => {
    const missing = await command('inspect', path.join(runs, 'none'));
    expect(missing.status).toBe(2);
    expect(missing.err).toContain('does not exist');
    expect(missing.err).toContain('metaplast run one-synapse');
    expect((await command('inspect', path.join(outside, 'secret.txt'))).err).toContain(
      'is a file, not a folder',
    );
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const taken = await command('inspect', runs, '--port', String(port));
    other.close();
    expect(taken.status).toBe(2);
    expect(taken.err).toContain('--port');
    expect((await command('inspect', runs, '--port', '70000')).status).toBe(2);
  });

  it('takes the next port where the usual one is taken and none was asked for', async () => {
    const [one, other] = [await inspect(runs), await inspect(runs)];
    const ports = [one, other].map(({ address }) => Number(new URL(address).port));
    expect(ports[1]).toBeGreaterThan(ports[0]!);
    for (const { child } of [one, other]) child.kill('SIGINT');
  });

  it('sees a run begin, go on, die, be resumed and end, and writes nothing into its folder', async () => {
    const folder = path.join(runs, 'mini-runs');
    fs.mkdirSync(folder);
    const scenario = writeMiniScenario(fs.mkdtempSync(path.join(path.dirname(runs), 'scenario-')));
    const { child, address, ended } = await inspect(folder, '--port', '0');
    const page = await listen(`${address}api/live`);
    listening.push(page);
    const states = () => page.heard.runs.flatMap(({ changed }) => changed.map(({ state }) => state));
    const run = [
      'run',
      scenario,
      '--set',
      'steps=300',
      '--set',
      'ms=20',
      '--checkpoint-every',
      '10',
      '--quiet',
    ];
    const { running, directory } = await startedUntil(folder, run, 'checkpoints/000010.ckpt');
    started.push(running);
    await page.until(() => states().at(-1) === 'running');
    const closely = await listen(`${address}api/live?id=${path.basename(directory)}`);
    listening.push(closely);
    await closely.until(({ run: events }) => new Set(events.map(({ metrics }) => metrics)).size > 2);
    running.child.kill('SIGKILL');
    await page.until(() => states().at(-1) === 'dead');
    const before = snapshot(folder);
    await ask<RunDetails>(`${address}api/run?id=${path.basename(directory)}`);
    expect(snapshot(folder)).toEqual(before);
    const resumed = start(['resume', directory, '--quiet']);
    started.push(resumed);
    await page.until(() => states().at(-1) === 'running');
    resumed.child.kill('SIGINT');
    await page.until(() => states().at(-1) === 'stopped');
    await resumed.ended;
    const last = start(['resume', directory, '--quiet']);
    started.push(last);
    expect(await last.ended).toMatchObject({ status: 0 });
    await page.until(() => states().at(-1) === 'finished');
    child.kill('SIGINT');
    expect((await ended).err).toBe('');
  });

  it('has studies with their trials, by themselves or among runs', async () => {
    const folder = path.join(runs, 'with-study');
    const scenario = writeMiniScenario(fs.mkdtempSync(path.join(path.dirname(runs), 'scenario-')));
    const sweep = start([
      'sweep',
      scenario,
      '--runs',
      folder,
      '--name',
      'two',
      '--seeds',
      '1,2',
      '--sweep',
      'scale=1,2',
      '--set',
      'steps=3',
      '--jobs',
      '2',
    ]);
    started.push(sweep);
    expect((await sweep.ended).status).toBe(0);
    makeRun(path.join(folder, 'alone'), {});
    const { child, address } = await inspect(folder, '--port', '0');
    const { runs: rows, studies } = await ask<RunList>(`${address}api/runs`);
    const [study] = studies;
    expect(study).toMatchObject({
      kind: 'sweep',
      scenario: 'mini',
      problem: null,
      trials: 4,
      standing: { ended: 4 },
    });
    expect(study!.id).toMatch(/-study-two$/);
    expect(study!.command).toContain('metaplast work ');
    const trials = rows.filter((row) => row.study === study!.id);
    expect(trials.map(({ seed, settings, state }) => [seed, settings.scale, state])).toHaveLength(4);
    expect(
      trials.every(({ id, state }) => id.startsWith(`${study!.id}/trials/`) && state === 'finished'),
    ).toBe(true);
    expect(rows.find(({ id }) => id === 'alone')!.study).toBeNull();
    child.kill('SIGINT');
    // A study that cannot be read is listed, and so are its trials.
    const alone = await inspect(path.join(folder, study!.id), '--port', '0');
    fs.writeFileSync(path.join(folder, study!.id, 'study.json'), '{"format":1}');
    const broken = await ask<RunList>(`${alone.address}api/runs`);
    expect(broken.studies).toMatchObject([{ id: study!.id, trials: 4 }]);
    expect(broken.studies[0]!.problem).toContain('study.json');
    expect(broken.runs.filter((row) => row.study === study!.id)).toHaveLength(4);
    alone.child.kill('SIGINT');
  });

  it('has the numbers of a real run as another reader of its files has them', async () => {
    const { parse } = await import('npyjs');
    const folder = path.join(runs, 'real');
    expect(
      (await command('run', 'one-synapse', '--preset', 'smoke', '--runs', folder, '--quiet')).status,
    ).toBe(0);
    const [id] = fs.readdirSync(folder);
    const { child, address } = await inspect(path.join(folder, id!), '--port', '0');
    const { traces, damages, figures, row } = await ask<RunDetails>(`${address}api/run?id=${id}`);
    expect([damages, row.state, figures.length > 0]).toEqual([[], 'finished', true]);
    for (const { name, rows, variables, synapses } of traces) {
      const bytes = fs.readFileSync(path.join(folder, id!, 'traces', `${name}.npy`));
      const { data, shape } = parse(new Uint8Array(bytes).buffer);
      expect(shape).toEqual([rows, variables.length, synapses]);
      for (const [v, variable] of variables.entries()) {
        const course = `${address}api/course?id=${id}&trace=${name}&variables=${variable}&columns=0&most=20000`;
        const { courses } = await ask<{ courses: [{ low: (number | null)[] }] }>(course);
        const expected = Array.from(
          { length: rows },
          (_, at) => (data as Float64Array)[(at * variables.length + v) * synapses]!,
        );
        expect(courses[0].low).toEqual(expected.map((value) => (Number.isFinite(value) ? value : null)));
      }
    }
    child.kill('SIGINT');
  });
});
