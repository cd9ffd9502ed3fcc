import { openMachine } from '../../src/engine/simd/machine';
import { RuleBinder } from '../../src/engine/simd/rule-binder';
import type { Vector } from '../../src/engine/simd/shared-memory';
import { nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { median } from './figures';

/**
 * The local rule alone (pull towards omega, then Nesterov): reads phi, gradient, momentum, omega and lambda, and writes phi and
 * momentum. Beside it, in turn, what this machine can copy: memory.copy of an array as long, which reads one and writes one.
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
    const copy = memory.allocate(synapses);
    const source = place('omega').pointer;
    const repeats = Math.max(3, Math.round(2e7 / synapses));
    const timed = (work: () => void): number => {
      const begin = performance.now();
      for (let i = 0; i < repeats; i++) work();
      return (performance.now() - begin) / repeats;
    };
    const rule = () => pass.run(inner.scalarsAt(1));
    const copying = () => kernels.copyRows(source, 0, copy.pointer, 0, 1, synapses);
    timed(rule);
    timed(copying);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let trial = 0; trial < trials; trial++) {
      ours.push(timed(rule));
      theirs.push(timed(copying));
    }
    const bandwidth = (arraysMoved: number, milliseconds: number) =>
      (arraysMoved * 4 * synapses) / milliseconds / 1e6;
    const [rate, possible] = [bandwidth(7, median(ours)), bandwidth(2, median(theirs))];
    for (const vector of [...arrays.values(), copy]) memory.release(vector);
    return {
      ...{ work: 'local rule alone', shapes: `${synapses / 1e6}M synapses` },
      ours: `${median(ours).toPrecision(3)} ms, ${rate.toPrecision(3)} GB/s`,
      peer: `copy ${possible.toPrecision(3)} GB/s`,
      ...{ ratio: rate / possible, goal: 0.7 },
    };
  });
}
