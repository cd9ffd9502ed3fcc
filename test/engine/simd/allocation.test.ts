import { join } from 'node:path';
import { startProcess } from '../../cli/command';

/** Code is optimised at once rather than by a thread that a busy machine may keep waiting. */
const probe = [
  ...['--expose-gc', '--no-concurrent-recompilation'],
  ...['--min-semi-space-size=64', '--max-semi-space-size=64'],
  ...['-r', 'ts-node/register/transpile-only', join(__dirname, 'allocation-probe.ts')],
];

/** Bytes of the heap that a step takes, by what is settled; null where garbage was collected in all trials. */
let bytes: Readonly<Record<string, number | null>>;

beforeAll(async () => {
  const { status, out, err } = await startProcess(probe).ended;
  expect({ status, err }).toEqual({ status: 0, err: '' });
  bytes = JSON.parse(out);
}, 300_000);

/**
 * Four float64 of 16 bytes. What a call gives back (a sum of squares, a loss) is put on the heap by Node unless the compiler
 * takes the call apart: two such numbers a step of a free phase, three of a nudged one (measured: 32 and 48 bytes).
 */
const fewNumbers = 64;

describe('a step of the simd engine, once warm', () => {
  it.each(['free', 'nudged', 'to a tolerance'])(
    'allocates nothing but the numbers that calls give back (%s)',
    (settling) => {
      expect(bytes[settling]).not.toBeNull();
      expect(bytes[settling]).toBeLessThanOrEqual(fewNumbers);
    },
  );

  it('would be seen to allocate: one object of two numbers a step is above the bound', () => {
    expect(bytes.planted).toBeGreaterThan(fewNumbers);
  });
});
