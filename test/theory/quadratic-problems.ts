import fc from 'fast-check';
import type { QuadraticProblem } from '../../src/theory/quadratic';

const coordinate = fc.record({
  curvature: fc.double({ min: 0.01, max: 10, noNaN: true }),
  trainMinimum: fc.double({ min: -3, max: 3, noNaN: true }),
  heldOutMinimum: fc.double({ min: -3, max: 3, noNaN: true }),
  omega: fc.double({ min: -3, max: 3, noNaN: true }),
});

/** Quadratic problems of 1 to 6 synapses with numbers of moderate size. */
export const quadraticProblems: fc.Arbitrary<QuadraticProblem> = fc
  .record({
    coordinates: fc.array(coordinate, { minLength: 1, maxLength: 6 }),
    lambda: fc.double({ min: 0.01, max: 10, noNaN: true }),
  })
  .map(({ coordinates, lambda }) => {
    const all = (name: keyof (typeof coordinates)[number]) =>
      Float64Array.from(coordinates, (one) => one[name]);
    return {
      curvature: all('curvature'),
      trainMinimum: all('trainMinimum'),
      heldOutMinimum: all('heldOutMinimum'),
      omega: all('omega'),
      lambda,
    };
  });
