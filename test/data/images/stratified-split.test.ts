import fc from 'fast-check';
import { RandomStream } from '../../../src/core/random';
import { type ImageSet, makeImageSet } from '../../../src/data/images/image-set';
import { stratifiedSplit } from '../../../src/data/images/stratified-split';

/** A set with so many images of each class, in turns as far as they go. */
function setWith(ofClass: readonly number[]): ImageSet {
  const most = Math.max(...ofClass);
  const labels = Array.from({ length: most }, (_, i) =>
    ofClass.flatMap((count, label) => (i < count ? [label] : [])),
  ).flat();
  return makeImageSet({
    name: 'images',
    classes: ofClass.map((_, label) => `class ${label}`),
    shape: [1, 1, 1],
    count: labels.length,
    pixels: new Uint8Array(labels.length),
    labels: Uint8Array.from(labels),
  });
}

const stream = (seed: string) => new RandomStream('split', seed);
const countsOf = (set: ImageSet, part: Int32Array): number[] =>
  set.classes.map((_, label) => part.filter((image) => set.labels[image] === label).length);

/** Class sizes, and parts that they allow. */
const splits = fc
  .array(fc.nat(40), { minLength: 1, maxLength: 12 })
  .filter((ofClass) => ofClass.some((count) => count > 0))
  .chain((ofClass) => {
    const total = ofClass.reduce((sum, count) => sum + count, 0);
    return fc.integer({ min: 1, max: total }).chain((train) =>
      fc.record({
        ofClass: fc.constant(ofClass),
        train: fc.constant(train),
        heldOut: fc.integer({ min: 0, max: total - train }),
        seed: fc.string(),
      }),
    );
  });

describe('a stratified split', () => {
  it('has exactly the counts asked for, no image twice or lost, and of each class its share to the next whole number', () => {
    fc.assert(
      fc.property(splits, ({ ofClass, train, heldOut, seed }) => {
        const set = setWith(ofClass);
        const split = stratifiedSplit(set, {
          train,
          heldOut,
          stream: stream(seed),
          allowMissingClasses: true,
        });
        const parts = [split.train, split.heldOut, split.rest];
        expect(parts.map(({ length }) => length)).toEqual([train, heldOut, set.count - train - heldOut]);
        const all = parts.flatMap((part) => [...part]).sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: set.count }, (_, i) => i));
        for (const part of parts) {
          countsOf(set, part).forEach((count, label) => {
            expect(Math.abs(count - (ofClass[label]! * part.length) / set.count)).toBeLessThan(1);
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('unless missing classes are allowed, has each class in each part, or is refused with what is legal', () => {
    let [made, refused] = [0, 0];
    fc.assert(
      fc.property(splits, ({ ofClass, train, heldOut, seed }) => {
        const set = setWith(ofClass);
        const split = (): void => {
          const { train: first, heldOut: second } = stratifiedSplit(set, {
            train,
            heldOut,
            stream: stream(seed),
          });
          for (const part of heldOut > 0 ? [first, second] : [first])
            expect(Math.min(...countsOf(set, part))).toBeGreaterThan(0);
          made++;
        };
        const least = heldOut > 0 ? 2 : 1;
        const shares = [train, heldOut].filter((size) => size > 0);
        const isPlain = shares.every((size) => ofClass.every((count) => (count * size) / set.count >= 1));
        const cannot = ofClass.some((count) => count < least) || shares.some((size) => size < ofClass.length);
        if (isPlain) split();
        else if (cannot) {
          expect(split).toThrow(/allowMissingClasses: true/);
          refused++;
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(made, refused)).toBeGreaterThan(10);
  });

  it('of as many images as there are classes, of unequal size, has one of each', () => {
    const set = setWith([5, 7, 6, 9, 8]);
    for (let seed = 0; seed < 50; seed++) {
      const { train } = stratifiedSplit(set, { train: 5, heldOut: 20, stream: stream(`${seed}`) });
      expect(countsOf(set, train)).toEqual([1, 1, 1, 1, 1]);
    }
  });

  it('takes every image about equally often, and depends on the stream alone', () => {
    const set = setWith([5, 5]);
    const times = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 500; seed++) {
      const options = { train: 3, heldOut: 3, allowMissingClasses: true };
      const split = stratifiedSplit(set, { ...options, stream: stream(`${seed}`) });
      expect(stratifiedSplit(set, { ...options, stream: stream(`${seed}`) })).toEqual(split);
      for (const image of split.train) times[image]!++;
    }
    // 500 trials with probability 0.3: mean 150, standard deviation 10.2. Five of them.
    for (const count of times) expect(Math.abs(count - 150)).toBeLessThan(52);
  });

  it('is refused where it asks for more than there is, or a class cannot be in it', () => {
    const set = setWith([6, 6, 1]);
    const split = (train: number, heldOut: number) => () =>
      stratifiedSplit(set, { train, heldOut, stream: stream('') });
    expect(split(10, 4)).toThrow(
      'images has fewer images than the split asks for. Got "train 10 and heldOut 4". Legal: 13 together at the most.',
    );
    expect(split(2, 6)).toThrow(
      'train cannot have an image of each class of images. Got "2 images". Legal: 3 or more',
    );
    expect(split(6, 6)).toThrow('Class "class 2" of images has 1 image, so that it cannot be in each part');
    expect(split(6, 0)).not.toThrow();
    expect(split(0, 1)).toThrow('train in the options of stratifiedSplit');
  });
});
