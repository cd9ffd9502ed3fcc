import { lastValueFrom, take, toArray } from 'rxjs';
import { RandomStream } from '../../src/core/random';
import type { EpisodeSource } from '../../src/data/episode-source';
import { sinusoids } from '../../src/data/sinusoid';
import { isBad, TaskStream } from '../../src/tasks/task-stream';

const open = (source: EpisodeSource = sinusoids(), count?: number): TaskStream =>
  new TaskStream({ source, random: new RandomStream('tasks', 'seed'), count });

const takeFrom = (stream: TaskStream, count: number) =>
  lastValueFrom(stream.episodes$.pipe(take(count), toArray()));

/** The sinusoids, with the episode of one number spoiled. */
const spoiled = (
  at: number,
  spoil: (data: ReturnType<EpisodeSource['sample']>) => unknown,
): EpisodeSource => {
  let drawn = 0;
  const source = sinusoids();
  return {
    name: 'spoiled',
    sample(random) {
      const data = source.sample(random);
      return (drawn++ === at ? spoil(data) : data) as typeof data;
    },
  };
};

describe('a stream of tasks', () => {
  it('is the same for the same seed, however many are taken at once', async () => {
    const [one, other] = [open(), open()];
    const inBatches = [...(await takeFrom(one, 2)), ...(await takeFrom(one, 3))];
    expect(inBatches).toEqual(await takeFrom(other, 5));
    expect(inBatches.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });

  it('draws no more tasks than are taken, though it has no end', async () => {
    const stream = open();
    await takeFrom(stream, 3);
    expect(stream.position).toBe(3);
  });

  it('goes on from a saved state with the very next task', async () => {
    const stream = open();
    await takeFrom(stream, 4);
    const state = stream.save();
    const next = await takeFrom(stream, 3);
    const later = open();
    later.restore(state);
    expect(await takeFrom(later, 3)).toEqual(next);
  });

  it('ends after its count of tasks, with a last batch that may be short', async () => {
    const stream = open(sinusoids(), 5);
    expect(await takeFrom(stream, 3)).toHaveLength(3);
    expect(await takeFrom(stream, 3)).toHaveLength(2);
    expect(await takeFrom(stream, 3)).toHaveLength(0);
  });

  it('ends where its source has no more', async () => {
    const stream = open(spoiled(2, () => null));
    expect(await takeFrom(stream, 10)).toHaveLength(2);
    expect(await takeFrom(stream, 10)).toHaveLength(0);
  });

  it.each<[string, Parameters<typeof spoiled>[1], RegExp]>([
    [
      'without held-out points',
      (data) => ({ ...data!, heldOut: { ...data!.heldOut, samples: 0, x: [], y: [] } }),
      /spoiled 1: held-out set\.samples/,
    ],
    [
      'with a target that is not a number',
      (data) => ({
        ...data!,
        train: { ...data!.train, y: data!.train.y.map((y, i) => (i === 3 ? NaN : y)) },
      }),
      /spoiled 1: training set\.y\[3\]/,
    ],
  ])('hands on an episode %s as a bad one, with what is wrong, and goes on', async (_, spoil, problem) => {
    const episodes = await takeFrom(open(spoiled(1, spoil)), 3);
    expect(episodes.map(isBad)).toEqual([false, true, false]);
    expect(episodes[1]).toMatchObject({ index: 1, problem: { message: expect.stringMatching(problem) } });
  });
});
