import { config } from '../../../scenarios/permuted-mnist/schema';
import { checksumOf, learnedCount, PermutedTasks } from '../../../scenarios/permuted-mnist/tasks';
import type { Batch } from '../../../src/data/batch';
import { drawnImages } from './small-images';

const images = drawnImages(60, 20);
const given = (more: object = {}) => config.parse({ minibatch: 7, heldOut: 11, ...more });
const tasks = (more?: object, seed = 1) => new PermutedTasks(images, given(more), seed);

/** Each image as a text that tells it from all others, whatever the order of its pixels. */
const idsOf = ({ x, y, samples }: Batch): string[] =>
  Array.from(
    { length: samples },
    (_, i) =>
      `${y[i]} ${x
        .slice(784 * i, 784 * (i + 1))
        .sort()
        .join()}`,
  );
const epochOf = (of: PermutedTasks, task: number, replays: boolean): string[] =>
  Array.from({ length: of.minibatches(replays) }, (_, i) => idsOf(of.minibatch(task, i, replays))).flat();

test('each task has all images, each once an epoch, their pixels in an order of its own', () => {
  const of = tasks();
  const first = epochOf(of, 0, false);
  expect(new Set(first).size).toBe(56); // eight minibatches of 7; four images are left out
  expect(epochOf(of, 1, false)).not.toEqual(first);
  const batch = of.minibatch(2, 3, false);
  const image = Array.from({ length: 60 }, (_, i) => i).find(
    (i) => idsOf(batch)[0] === idsOf({ ...batch, samples: 1, x: pixels(i), y: labels(i) })[0],
  )!;
  const from = of.permutation(2);
  expect([...from].sort((a, b) => a - b)).toEqual(Array.from({ length: 784 }, (_, i) => i));
  expect(batch.x.slice(0, 784)).toEqual(pixels(image).map((_, i, all) => all[from[i]!]!));
  expect(of.permutation(1)).not.toEqual(from);
});

const pixels = (i: number) =>
  Float64Array.from(images.train.pixels.subarray(784 * i, 784 * (i + 1)), (p) => p / 255);
const labels = (i: number) => Float64Array.of(images.train.labels[i]!);

test('what is held out is replayed, and never learned', () => {
  const of = tasks({ epochs: 2 });
  for (const task of [0, 1]) {
    const learned = new Set(epochOf(of, task, true));
    const replayed = new Set(idsOf(of.replayed(0, 500, 'replay')));
    // Of task 0 only, and all eleven.
    expect(replayed.size).toBe(11);
    if (task === 0) for (const id of replayed) expect(learned.has(id)).toBe(false);
  }
});

test('tasks up to the present one are replayed alike, in their own orders of pixels', () => {
  const of = tasks();
  const { samples } = of.replayed(2, 900, 'replay');
  expect(samples).toBe(900);
  const inOrderOf = (task: number): Set<string> => {
    const all = Array.from({ length: 60 }, (_, i) => {
      const own = pixels(i);
      return `${Float64Array.from(of.permutation(task), (from) => own[from]!).join()}`;
    });
    return new Set(all);
  };
  const { x } = of.replayed(2, 900, 'replay');
  const found = [0, 1, 2].map((task) => {
    const known = inOrderOf(task);
    return Array.from({ length: 900 }, (_, i) => x.slice(784 * i, 784 * (i + 1)).join()).filter((id) =>
      known.has(id),
    ).length;
  });
  expect(found.reduce((a, b) => a + b)).toBe(900);
  for (const count of found) expect(Math.abs(count - 300)).toBeLessThan(4 * Math.sqrt(200));
});

test('images for validation are not learned', () => {
  const of = tasks({ judgedBy: 'validation', validation: 20 });
  const learned = new Set(epochOf(of, 0, false));
  const judges = [...of.judges(0, 6)].flatMap(idsOf);
  expect(judges).toHaveLength(20);
  for (const id of judges) expect(learned.has(id)).toBe(false);
  expect([...tasks({ judgeImages: 15 }).judges(0)].flatMap(idsOf)).toHaveLength(15);
});

test('another seed has other orders, the same seed the same', () => {
  expect(epochOf(tasks(), 0, false)).toEqual(epochOf(tasks(), 0, false));
  expect(epochOf(tasks({}, 2), 0, false)).not.toEqual(epochOf(tasks(), 0, false));
  expect(tasks({}, 2).permutation(0)).not.toEqual(tasks().permutation(0));
});

test.each([
  ['more than there are', { trainImages: 61 }],
  ['more than validation leaves', { judgedBy: 'validation', validation: 20, trainImages: 41 }],
  ['all of them held out', { heldOut: 60 }],
])('%s is refused', (_, more) => {
  expect(() => learnedCount(given(more), 60)).toThrow(/not as many training images as are asked for/);
});

test('other images have another checksum', () => {
  expect(checksumOf(images)).toBe(checksumOf(drawnImages(60, 20)));
  expect(checksumOf(images)).not.toBe(checksumOf(drawnImages(60, 19)));
});
