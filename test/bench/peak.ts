import {
  i32,
  moduleBytes,
  op,
  signed,
  simd,
  splat,
  unsigned,
  v128,
  vector,
} from '../../src/engine/simd/lowering/wasm-code';
import { openMachine } from '../../src/engine/simd/machine/machine';
import { fastest } from './trials';

/** Chains of each kind that do not wait for each other: with the two constants they fill sixteen registers. */
const chains = 7;
const rounds = 100_000;

/**
 * What one core gives at most in WebAssembly's vectors of four, in 10^9 operations a second: as many multiplications as
 * additions, in chains that do not wait for each other, and no memory. WebAssembly has no fused multiply-add of one result.
 */
export function measurePeak(): number {
  const machine = openMachine();
  const run = machine.pass(peakModule());
  const total = machine.memory.allocate(4);
  const operations = rounds * chains * 2 * 4;
  const milliseconds = () => {
    const begin = performance.now();
    run(rounds, total.pointer);
    return performance.now() - begin;
  };
  // WebAssembly is first compiled in haste, and again, well, once it has run for a while.
  for (const begin = performance.now(); performance.now() - begin < 500; ) milliseconds();
  const best = fastest(milliseconds);
  machine.memory.release(total);
  return operations / best / 1e6;
}

/** for (left = rounds; left >= 1; left--) { sum += 1, product *= 1 } for each chain; stores their total, so that none is left out. */
function peakModule(): Uint8Array {
  const [left, place, one] = [0, 1, 2];
  const sums = Array.from({ length: chains }, (_, i) => 3 + i);
  const products = Array.from({ length: chains }, (_, i) => 3 + chains + i);
  const get = (local: number) => [op.get, ...unsigned(local)];
  const set = (local: number) => [op.set, ...unsigned(local)];
  const step = (local: number, code: number) => [...get(local), ...get(one), ...simd(code), ...set(local)];
  const body = [
    ...[one, ...sums, ...products].flatMap((local) => [...splat(1), ...set(local)]),
    ...[op.loop, op.nothing],
    ...sums.flatMap((sum, i) => [...step(sum, vector.add), ...step(products[i]!, vector.multiply)]),
    ...[...get(left), op.i32Const, ...signed(-1), op.i32Add, ...set(left)],
    ...[...get(left), op.i32Const, ...signed(1), op.i32GreaterEqual, op.branchIf, 0, op.end],
    ...get(place),
    ...[...sums, ...products].flatMap((local, i) => [...get(local), ...(i > 0 ? simd(vector.add) : [])]),
    ...[...simd(vector.store), 2, 0], // aligned to four bytes at least, at the address itself
  ];
  const locals = [one, ...sums, ...products].map(() => v128);
  return moduleBytes({ imports: [], parameters: [i32, i32], locals, body });
}
