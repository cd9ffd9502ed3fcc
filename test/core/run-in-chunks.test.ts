import fc from 'fast-check';
import { runInChunks } from '../../src/core/run-in-chunks';

describe('work in chunks', () => {
  it('gives a result for each item in their order, whatever the chunks, places and times', async () => {
    const given = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 7 }));
    await fc.assert(
      fc.asyncProperty(given, fc.array(fc.nat(3), { minLength: 1 }), async ([count, places, size], times) => {
        const items = Array.from({ length: count }, (_, i) => i);
        const sizes: number[] = [];
        const results = await runInChunks(
          items,
          places,
          (left) => Math.min(left, size),
          async (chunk) => {
            sizes.push(chunk.length);
            for (let turn = times[chunk[0]! % times.length]!; turn > 0; turn--) await null;
            return chunk.map((item) => 2 * item);
          },
        );
        expect(results).toEqual(items.map((item) => 2 * item));
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(Math.max(1, size));
        expect(Math.min(1, ...sizes)).toBe(1);
      }),
    );
  });

  it('fails as the first failed chunk does, and begins none behind it', async () => {
    let begun = 0;
    const work = async (chunk: readonly number[]): Promise<number[]> => {
      begun++;
      await null;
      if (chunk[0]! >= 2) throw new Error(`chunk of ${chunk[0]}`);
      return [...chunk];
    };
    await expect(
      runInChunks(
        [0, 1, 2, 3, 4, 5, 6, 7],
        2,
        () => 2,
        (chunk) => work(chunk),
      ),
    ).rejects.toThrow('chunk of 2');
    expect(begun).toBeLessThanOrEqual(3);
  });
});
