import { createHash } from 'node:crypto';
import { logarithm } from '../../../src/core/arithmetic/logarithm';
import { cosine, sine } from '../../../src/core/arithmetic/trigonometry';
import { RandomStream } from '../../../src/core/random';

/** The bits of a function at drawn numbers, as a checksum. */
function checksum(of: (value: number) => number, draw: (uniform: number, i: number) => number): string {
  const stream = new RandomStream('arithmetic', 'seed');
  const values = Float64Array.from({ length: 100_000 }, (_, i) => of(draw(stream.uniform(), i)));
  return createHash('sha256').update(values).digest('hex').slice(0, 16);
}

/** Near multiples of pi/2, where the most digits cancel. */
const nearQuarters = (u: number) => (Math.round(u * 200) - 100) * (Math.PI / 2) * (1 + (u - 0.5) * 1e-5);
const anywhere = (u: number, i: number) => (u - 0.5) * 10 ** (i % 7);

const cases = [
  ['logarithm', logarithm, Math.log, 'from 0 to 1', (u: number) => 1 - u, '2284cb36d405d310'],
  ['logarithm', logarithm, Math.log, 'about 1', (u: number) => 1 + (u - 0.5) * 1e-6, '7d2e5793342e2de8'],
  [
    'logarithm',
    logarithm,
    Math.log,
    'of any size',
    (u: number, i: number) => u * 10 ** ((i % 600) - 310),
    '7079e5f9d45476fd',
  ],
  ['cosine', cosine, Math.cos, 'of a turn', (u: number) => 2 * Math.PI * u, '58cd687c18be4040'],
  ['cosine', cosine, Math.cos, 'near quarters', nearQuarters, '9bae2e639499de98'],
  ['cosine', cosine, Math.cos, 'anywhere', anywhere, '483a5d5a1d38649a'],
  ['sine', sine, Math.sin, 'of a turn', (u: number) => 2 * Math.PI * u, 'ef5639cd5c5b302f'],
  ['sine', sine, Math.sin, 'near quarters', nearQuarters, '7ec30dfe9af6046b'],
  ['sine', sine, Math.sin, 'anywhere', anywhere, '906029d6a4db480d'],
] as const;

describe('arithmetic that is the same to the bit wherever it runs', () => {
  // Checksums of Math's own in Node 20, whose numbers seeds have given so far.
  it.each(cases)('%s gives what Node 20 does: %4$s', (_name, own, _theirs, _where, draw, expected) => {
    expect(checksum(own, draw)).toBe(expected);
  });

  it.each(cases)(
    '%s is within two units in the last place of this machine: %4$s',
    (_name, own, theirs, _where, draw) => {
      const stream = new RandomStream('arithmetic', 'other');
      let worst = 0;
      for (let i = 0; i < 20_000; i++) {
        const at = draw(stream.uniform(), i);
        const there = theirs(at);
        const here = own(at);
        if (here !== there) worst = Math.max(worst, Math.abs(here - there) / Math.abs(there));
      }
      expect(worst).toBeLessThanOrEqual(2 * 2 ** -52);
    },
  );

  it.each([0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 5e-324, 1e-310, Number.MAX_VALUE])(
    'has no other answer for %d than Math',
    (value) => {
      expect(logarithm(value)).toBe(Math.log(value));
      expect(sine(value)).toBe(Math.sin(value));
      expect(cosine(value)).toBe(Math.cos(value));
    },
  );
});
