import fs from 'node:fs';
import path from 'node:path';
import type { Problem } from '../../../src/inspector/protocol/live';
import { openServedFolder } from '../../../src/inspector/server/files/served-folder';
import { Inspector } from '../../../src/inspector/server/inspector';
import { NumberFile } from '../../../src/inspector/server/traces/number-file';
import { withTrace } from '../../../src/inspector/server/traces/open-trace';
import { makeRun } from '../../study/compare/made-runs';
import { TraceFiles } from './made-traces';
import { makeGrounds, type Serving, serving } from './serving';

const { runs } = makeGrounds();
const directory = makeRun(path.join(runs, 'a'), {});

/** Files of as many rows of nothing, which take no place on the disk. */
function makeSparse(name: string, rows: number): void {
  new TraceFiles(directory, name, { synapses: 1 }).close();
  const at = (file: string) => path.join(directory, 'traces', file);
  for (const [file, width] of [
    [`${name}.npy`, 1],
    [`${name}.when.npy`, 5],
  ] as const)
    fs.truncateSync(at(file), fs.statSync(at(file)).size + 8 * width * rows);
}

const long = 1_900_000_000;
makeSparse('long', long);
makeSparse('endless', 100_000_000_000);
new TraceFiles(directory, 'short', { synapses: 2, values: (row, into) => into.fill(row) })
  .growTo(200_000)
  .close();

let server: Serving;
beforeAll(async () => {
  server = await serving(runs);
});
afterAll(async () => {
  await server.served.close();
  expect(server.complaints).toEqual([]);
  fs.rmSync(path.dirname(runs), { recursive: true });
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const course = (trace: string) => `/api/course?id=a&trace=${trace}&variables=phi&columns=0`;

it.each([course('endless'), '/api/timeline?id=a&trace=endless'])(
  'goes through no endless trace for %s',
  async (address) => {
    const answer = await server.get(address);
    expect(answer.status).toBe(413);
    expect((await answer.json()) as Problem).toMatchObject({
      got: '100000000000',
      legal: 'up to 2000000000',
    });
  },
);

it.each([course('long'), '/api/timeline?id=a&trace=long'])(
  'reads on for nobody who has gone: %s',
  async (address) => {
    const reads = jest.spyOn(NumberFile.prototype, 'read');
    const controller = new AbortController();
    const asked = fetch(`http://127.0.0.1:${server.port}${address}`, { signal: controller.signal });
    while (reads.mock.calls.length < 3) await pause(5);
    controller.abort();
    await expect(asked).rejects.toThrow();
    // It ends some time before it has read all.
    for (let before = -1; before !== reads.mock.calls.length; await pause(300))
      before = reads.mock.calls.length;
    expect(reads.mock.calls.length).toBeLessThan(long / 128 / 1024 / 2);
    reads.mockRestore();
    expect((await server.get(course('short'))).status).toBe(200);
  },
);

it('goes on from where it was ended, and has the same in the end', async () => {
  const inspector = new Inspector(openServedFolder(runs), () => {});
  const { place, entry } = await inspector.trace('a', 'short');
  const read = (signal?: AbortSignal) =>
    withTrace(place, 'short', entry, async (trace) => {
      const [part] = await inspector.extremes.read(trace, [[0, 1]], signal);
      const timeline = await inspector.timelines.read(trace, 0, trace.rows, 100, signal);
      return { part: part!, timeline };
    });
  const controller = new AbortController();
  let calls = 0;
  const { read: plain } = NumberFile.prototype;
  const counted = jest.spyOn(NumberFile.prototype, 'read').mockImplementation(function (
    this: NumberFile,
    ...rest
  ) {
    if (++calls === 2) controller.abort();
    return plain.apply(this, rest);
  });
  await expect(read(controller.signal)).rejects.toThrow('abort');
  await expect(read(AbortSignal.abort())).rejects.toThrow('abort');
  counted.mockRestore();
  const { part, timeline } = await read();
  expect(part.extremes.rows).toBe(200_000);
  for (const block of [0, 1, part.extremes.wholeBlocks - 1]) {
    expect(part.extremes.lowOf(block, 1)).toBe(block * part.extremes.blockRows);
    expect(part.extremes.highOf(block, 1)).toBe((block + 1) * part.extremes.blockRows - 1);
  }
  expect(timeline.spans.at(-1)!.endRow).toBe(200_000);
});
