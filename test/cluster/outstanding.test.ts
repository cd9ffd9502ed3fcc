import type { Exchange } from '../../src/cluster/exchange';
import { answerBlob, type Blob, blobKey, blobOf, resultKey } from '../../src/cluster/job';
import { Outstanding } from '../../src/cluster/outstanding';
import { Interruption } from '../../src/core/errors';
import type { Answer } from '../../src/learning/workers/message';

const answer: Answer = { each: [[{ loss: 0.5, accuracy: Number.NaN }]], milliseconds: 3 };
const [key, job] = ['k', { values: 'v', tasks: 't' }] as const;
const blobs: readonly Blob[] = [blobOf({ what: 'it is about' })];

/** A server in memory, with one job that is asked for. */
function asked() {
  const values = new Map<string, Buffer>();
  const added: { isAgain: boolean; blobs: readonly Blob[] }[] = [];
  const queued = new Set<string>();
  const store = {
    get: async (keys: readonly string[]) => keys.map((one) => values.get(one) ?? null),
    async remove(keys: readonly string[]) {
      for (const one of keys) values.delete(one);
    },
  };
  const outstanding = new Outstanding({ store } as unknown as Exchange, {
    async add(one, _job, given, isAgain) {
      added.push({ isAgain, blobs: given });
      queued.add(one);
    },
    queued: async () => queued,
  });
  /** A worker does it. @returns the answer's checksum */
  const answered = (): string => {
    const { sum, bytes } = answerBlob(answer);
    values.set(blobKey(sum), Buffer.from(bytes));
    values.set(resultKey(key), Buffer.from(sum));
    queued.clear();
    return sum;
  };
  return { values, added, queued, outstanding, answered };
}

/** Once it is added. */
async function addedOnce(server: ReturnType<typeof asked>) {
  const asking = server.outstanding.ask(key, job, blobs);
  asking.catch(() => {});
  await new Promise(setImmediate);
  expect(server.added).toEqual([{ isAgain: false, blobs }]);
  return asking;
}

describe('a job that is under way', () => {
  it('is answered when its event comes; a second one of the same is dropped', async () => {
    const server = asked();
    const asking = addedOnce(server);
    await new Promise(setImmediate);
    const sum = server.answered();
    await server.outstanding.ended({ key, returned: sum });
    await server.outstanding.ended({ key, returned: sum });
    expect(await asking).toEqual(answer);
  });

  it('is answered without an event, once somebody looks', async () => {
    const server = asked();
    const asking = addedOnce(server);
    await new Promise(setImmediate);
    server.answered();
    await server.outstanding.lookForAnswers();
    expect(await asking).toEqual(answer);
  });

  it('is not added where it was done before', async () => {
    const server = asked();
    server.answered();
    expect(await server.outstanding.ask(key, job, blobs)).toEqual(answer);
    expect(server.added).toEqual([]);
  });

  it('is added again with what it is about where the server has lost it, and not where it waits', async () => {
    const server = asked();
    const asking = addedOnce(server);
    await new Promise(setImmediate);
    await server.outstanding.lookForLosses();
    expect(server.added).toHaveLength(1);
    server.queued.clear();
    await server.outstanding.lookForLosses();
    expect(server.added[1]).toEqual({ isAgain: true, blobs });
    await server.outstanding.ended({ key, returned: server.answered() });
    expect(await asking).toEqual(answer);
  });

  it.each([
    ['lost', (values: Map<string, Buffer>, sum: string) => values.delete(blobKey(sum))],
    ['changed', (values: Map<string, Buffer>, sum: string) => values.get(blobKey(sum))!.fill(1, 60, 70)],
  ])('is done again where its answer was %s: nothing tells any more that it was done', async (_, spoil) => {
    const server = asked();
    const asking = addedOnce(server);
    await new Promise(setImmediate);
    const sum = server.answered();
    spoil(server.values, sum);
    await server.outstanding.ended({ key, returned: sum });
    expect(server.values.has(resultKey(key))).toBe(false);
    await server.outstanding.lookForLosses();
    expect(server.added).toHaveLength(2);
    await server.outstanding.ended({ key, returned: server.answered() });
    expect(await asking).toEqual(answer);
  });

  it('is added again where a worker found that what it is about is lost', async () => {
    const server = asked();
    await Promise.race([addedOnce(server), new Promise(setImmediate)]);
    await new Promise(setImmediate);
    await server.outstanding.ended({
      key,
      returned: null,
      failure: 'The queue has lost what a job is about. Got x',
    });
    expect(server.added.map(({ isAgain }) => isAgain)).toEqual([false, true]);
  });

  it('fails with the reason of the last worker, with a server that loses all, and where it is interrupted', async () => {
    const failed = asked();
    const failing = addedOnce(failed);
    await new Promise(setImmediate);
    await failed.outstanding.ended({ key, returned: null, failure: 'out of memory' });
    await expect(failing).rejects.toThrow(/several times, and failed: out of memory/);

    const forgetful = asked();
    const losing = addedOnce(forgetful);
    await new Promise(setImmediate);
    for (let i = 0; i < 21; i++) {
      forgetful.queued.clear();
      await forgetful.outstanding.lookForLosses();
    }
    await expect(losing).rejects.toThrow(/lost by the queue 20 times.*noeviction/);

    const interrupted = asked();
    const interrupting = addedOnce(interrupted);
    await new Promise(setImmediate);
    interrupted.outstanding.interrupt();
    await expect(interrupting).rejects.toThrow(Interruption);
  });
});
