import { openMachine } from '../../src/engine/simd/machine';
import { RuleBinder } from '../../src/engine/simd/rule-binder';
import type { Vector } from '../../src/engine/simd/shared-memory';
import { nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { median } from './figures';

/** Arrays of one float32 number a synapse that the rule touches; those that it reads and those that it writes. */
const [touched, moved] = [5, 5 + 2];

/**
 * The local rule alone (pull towards omega, then Nesterov): reads phi, gradient, momentum, omega and lambda, and writes phi and
 * momentum. Beside it, in turn, what this machine can copy where as many bytes are touched: memory.copy from one array of
 * 2.5 numbers a synapse to another, so that both fit the same caches, or none. Bytes read and bytes written count alike.
 */
export function measureLocalRule(trials: number) {
  const { memory, kernels } = openMachine();
  return [1_000_000, 10_000_000].map((synapses) => {
    const network = defineNetwork({
      input: [synapses],
      layers: [dense(synapses, 1, { bias: false })],
      loss: mse,
      synapse: complexSynapse,
    });
    const arrays = new Map<string, Vector>();
    const place = (name: string): Vector => {
      const key = name === 'value' ? 'phi' : name;
      const found = arrays.get(key) ?? memory.allocate(synapses);
      arrays.set(key, found);
      return found;
    };
    const inner = nesterov({ rate: 1e-3 });
    const pass = new RuleBinder(openMachine(), network, place).pulledStep(inner.rule);
    const copied = (touched / 2) * synapses;
    const [source, copy] = [memory.allocate(copied), memory.allocate(copied)];
    const repeats = Math.max(3, Math.round(2e7 / synapses));
    /** Each pass by itself: one that the machine takes for something else does not count for those around it. */
    const timed = (work: () => void): number[] => {
      work(); // what the other one left in the caches is gone
      return Array.from({ length: repeats }, () => {
        const begin = performance.now();
        work();
        return performance.now() - begin;
      });
    };
    const rule = () => pass.run(inner.scalarsAt(1));
    const copying = () => kernels.copyRows(source.pointer, 0, copy.pointer, 0, 1, copied);
    timed(rule);
    timed(copying);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let trial = 0; trial < trials; trial++) {
      ours.push(...timed(rule));
      theirs.push(...timed(copying));
    }
    const bandwidth = (numbers: number, milliseconds: number) => (numbers * 4) / milliseconds / 1e6;
    const rate = bandwidth(moved * synapses, median(ours));
    const possible = bandwidth(2 * copied, median(theirs));
    for (const vector of [...arrays.values(), source, copy]) memory.release(vector);
    return {
      ...{ work: 'local rule alone', shapes: `${synapses / 1e6}M synapses` },
      ours: `${median(ours).toPrecision(3)} ms, ${rate.toPrecision(3)} GB/s`,
      peer: `copy ${possible.toPrecision(3)} GB/s`,
      ...{ ratio: rate / possible, goal: 0.7 },
    };
  });
}
