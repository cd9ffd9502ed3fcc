import fc from 'fast-check';
import { withoutOverlap } from '../../../src/plot/labels/without-overlap';

const item = fc.record({
  centre: fc.double({ min: -50, max: 450, noNaN: true }),
  height: fc.double({ min: 1, max: 40, noNaN: true }),
});
const items = fc.array(item, { minLength: 1, maxLength: 8 });

/** Rounding: sums of some hundred pixels in float64. */
const tiny = 1e-9;

describe('labels that are spread', () => {
  test('never overlap, and keep the order of what they label', () => {
    fc.assert(
      fc.property(items, (given) => {
        const centres = withoutOverlap(given, 0, 400);
        const order = given.map((_, i) => i).sort((a, b) => centres[a]! - centres[b]!);
        order.slice(1).forEach((below, i) => {
          const above = order[i]!;
          const distance = (given[above]!.height + given[below]!.height) / 2;
          expect(centres[below]! - centres[above]!).toBeGreaterThanOrEqual(distance - tiny);
          expect(given[below]!.centre).toBeGreaterThanOrEqual(given[above]!.centre);
        });
      }),
    );
  });

  test('lie inside where there is room for all', () => {
    fc.assert(
      fc.property(items, (given) => {
        withoutOverlap(given, 0, 400).forEach((centre, i) => {
          const half = given[i]!.height / 2;
          expect(centre - half).toBeGreaterThanOrEqual(-tiny);
          expect(centre + half).toBeLessThanOrEqual(400 + tiny);
        });
      }),
    );
  });

  test('stay where they are if they are apart already', () => {
    const given = [300, 20, 150].map((centre) => ({ centre, height: 16 }));
    expect(withoutOverlap(given, 0, 400)).toEqual([300, 20, 150]);
  });

  test('share what they must move between them', () => {
    const given = [100, 100].map((centre) => ({ centre, height: 20 }));
    expect(withoutOverlap(given, 0, 400)).toEqual([90, 110]);
  });
});
