import fc from 'fast-check';
import { channelStatistics } from '../../../src/data/images/channel-statistics';
import { imageBatch } from '../../../src/data/images/image-batch';
import { type ImageSet, makeImageSet } from '../../../src/data/images/image-set';

/** Images of random bytes. */
const imageSets = fc
  .record({
    channels: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 5 }),
    count: fc.integer({ min: 1, max: 6 }),
  })
  .chain(({ channels, height, width, count }) =>
    fc
      .record({
        pixels: fc.uint8Array({
          minLength: count * channels * height * width,
          maxLength: count * channels * height * width,
        }),
        labels: fc.uint8Array({ minLength: count, maxLength: count, max: 2 }),
      })
      .map(
        ({ pixels, labels }): ImageSet =>
          makeImageSet({
            name: 'random',
            classes: ['a', 'b', 'c'],
            shape: [channels, height, width],
            count,
            pixels,
            labels,
          }),
      ),
  );

/** Mean and deviation as one writes them down, in two passes. */
function plainly({ shape: [channels, height, width], pixels }: ImageSet, indices: readonly number[]) {
  const plane = height * width;
  const values = Array.from({ length: channels }, (_, channel) =>
    indices.flatMap((image) =>
      [
        ...pixels.subarray((image * channels + channel) * plane, (image * channels + channel + 1) * plane),
      ].map((p) => p / 255),
    ),
  );
  const mean = values.map((of) => of.reduce((sum, value) => sum + value, 0) / of.length);
  const deviation = values.map((of, c) =>
    Math.sqrt(of.reduce((sum, value) => sum + (value - mean[c]!) ** 2, 0) / of.length),
  );
  return { mean, deviation };
}

describe('the statistics of channels', () => {
  it('are those of a plain computation, of all images and of some', () => {
    fc.assert(
      fc.property(imageSets, fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), (set, picks) => {
        const some = picks.map((pick) => pick % set.count);
        const all = Array.from({ length: set.count }, (_, i) => i);
        for (const [indices, found] of [
          [all, channelStatistics(set)],
          [some, channelStatistics(set, some)],
        ] as const) {
          const expected = plainly(set, indices);
          // Sums of up to 160 numbers of at most 1, in another order: some 1e-14.
          for (let c = 0; c < set.shape[0]; c++) {
            expect(Math.abs(found.mean[c]! - expected.mean[c]!)).toBeLessThan(1e-13);
            expect(Math.abs(found.deviation[c]! - expected.deviation[c]!)).toBeLessThan(1e-13);
          }
        }
      }),
    );
  });

  it('need no label', () => {
    const set: ImageSet = {
      ...{ name: 'unlabelled', classes: [], shape: [1, 1, 2], count: 1, pixels: Uint8Array.of(0, 255) },
      get labels(): Uint8Array {
        throw new Error('labels were read');
      },
    };
    expect(channelStatistics(set)).toEqual({ mean: [0.5], deviation: [0.5] });
  });
});

describe('a batch of images', () => {
  it('has each pixel, scaled and normalised by its channel, in the order asked for, and the class of each image', () => {
    fc.assert(
      fc.property(imageSets, fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), (set, picks) => {
        const indices = picks.map((pick) => pick % set.count);
        const [channels, height, width] = set.shape;
        const by = {
          mean: Array.from({ length: channels }, (_, c) => c / 7),
          deviation: Array.from({ length: channels }, (_, c) => 0.2 + c),
        };
        const batch = imageBatch(set, indices, by);
        const inputs = channels * height * width;
        expect(batch).toMatchObject({ samples: indices.length, inputs, targets: 1 });
        expect([...batch.y]).toEqual(indices.map((image) => set.labels[image]));
        batch.x.forEach((value, at) => {
          const channel = Math.floor((at % inputs) / (height * width));
          const pixel = set.pixels[indices[Math.floor(at / inputs)]! * inputs + (at % inputs)]!;
          expect(value).toBe((pixel / 255 - by.mean[channel]!) / by.deviation[channel]!);
        });
      }),
    );
  });

  it('normalised by its own statistics has mean 0 and variance 1 a channel', () => {
    const pixels = Uint8Array.from({ length: 5 * 12 }, (_, i) => (i * 37) % 256);
    const set = makeImageSet({
      name: 'five',
      classes: ['only'],
      shape: [3, 2, 2],
      count: 5,
      pixels,
      labels: new Uint8Array(5),
    });
    const { x } = imageBatch(set, [0, 1, 2, 3, 4], channelStatistics(set));
    for (let channel = 0; channel < 3; channel++) {
      const values = [...x].filter((_, at) => Math.floor((at % 12) / 4) === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean).toBeCloseTo(0, 12);
      expect(values.reduce((sum, value) => sum + value * value, 0) / values.length).toBeCloseTo(1, 12);
    }
  });

  const two = (): ImageSet =>
    makeImageSet({
      name: 'two',
      classes: ['a', 'b'],
      shape: [1, 1, 1],
      count: 2,
      pixels: Uint8Array.of(0, 255),
      labels: Uint8Array.of(0, 1),
    });

  it('without a normaliser has pixels from 0 to 1', () => {
    expect([...imageBatch(two(), [1, 0, 1]).x]).toEqual([1, 0, 1]);
  });

  it('is refused where an image, a channel or a class is none', () => {
    expect(() => imageBatch(two(), [2])).toThrow('There is no such image in two. Got 2. Legal: 0 to 1.');
    expect(() => imageBatch(two(), [])).toThrow('No images of two are asked for');
    expect(() => imageBatch(two(), [0], { mean: [0, 0], deviation: [1, 1] })).toThrow(
      'The mean of each channel has the wrong length. Got 2. Legal: 1 values',
    );
    expect(() => imageBatch(two(), [0], { mean: [0], deviation: [0] })).toThrow(
      'The deviation of channel 0 must be above 0',
    );
    expect(() => imageBatch({ ...two(), labels: Uint8Array.of(0, 2) }, [1])).toThrow(
      'The label of image 1 of two names no class. Got 2. Legal: 0 to 1.',
    );
    expect(() => makeImageSet({ ...two(), pixels: new Uint8Array(3) })).toThrow(
      'two.pixels has the wrong length. Got 3. Legal: 2 bytes.',
    );
  });
});
