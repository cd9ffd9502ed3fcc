import { join } from 'node:path';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { findSystemBlas } from '../../../src/engine/simd/machine/system-blas';
import { repository, startProcess } from '../../cli/command';

/** Code is optimised at once rather than by a thread that a busy machine may keep waiting. */
const probe = [
  ...['--expose-gc', '--no-concurrent-recompilation'],
  ...['--min-semi-space-size=64', '--max-semi-space-size=64'],
  ...['-r', join(repository, 'test/support/from-build.cjs'), join(__dirname, 'allocation-probe.ts')],
];

const settlings = [
  'free',
  'nudged',
  'to a tolerance',
  'by Adam',
  'by equilibrium propagation',
  'by dyadic neurons',
  'on a batch in parts',
];
const inParts = settlings.slice(-1);

/** The least that can be put on the heap takes 16 bytes, so that below one a step no step has put anything there. */
const nothing = 1;

/**
 * Bytes of the heap that a step takes, by what is settled; null where garbage was collected in all trials. What the code allocates, it
 * allocates in every process; what a compiler under load leaves boxed, in some: the least of up to three processes counts.
 */
async function bytesPerStep(blas: string, names: readonly string[]): Promise<Record<string, number | null>> {
  const least: Record<string, number | null> = {};
  let left = names;
  for (let attempt = 0; attempt < 3 && left.length > 0; attempt++) {
    const { status, out, err } = await startProcess([...probe, blas, left.join()]).ended;
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const found: Record<string, number | null> = JSON.parse(out);
    for (const name of left) {
      const [before, now] = [least[name] ?? Number.POSITIVE_INFINITY, found[name]];
      least[name] = now === null ? (least[name] ?? null) : Math.min(before, now!);
    }
    left = left.filter((name) => name !== 'planted' && !(least[name] !== null && least[name]! < nothing));
  }
  return least;
}

describe('a step of the simd engine, once warm', () => {
  let bytes: Record<string, number | null>;
  beforeAll(async () => {
    bytes = await bytesPerStep('wasm', [...settlings, 'planted']);
  }, 300_000);

  it.each(settlings)('allocates nothing (%s)', (settling) => {
    expect(bytes[settling]).not.toBeNull();
    expect(bytes[settling]).toBeLessThan(nothing);
  });

  it('would be seen to allocate: an optimiser that makes an object of two numbers a step', () => {
    expect(bytes.planted).toBeGreaterThan(32);
  });
});

const { memory, kernels } = openMachine();
const { blas, why } = findSystemBlas(memory.memory, kernels);
if (blas === null) console.warn(`not tested, since ${why}`);

(blas === null ? it.skip : it)(
  'a step by a BLAS library of the system allocates nothing either',
  async () => {
    const [bytes] = Object.values(await bytesPerStep('system', inParts));
    expect(bytes).not.toBeNull();
    expect(bytes).toBeLessThan(nothing);
  },
  300_000,
);
