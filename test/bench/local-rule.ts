import { openMachine } from '../../src/engine/simd/machine';
import { RuleBinder } from '../../src/engine/simd/rule-binder';
import type { Vector } from '../../src/engine/simd/shared-memory';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { median } from './figures';
import { inner } from './inner-steps';
import type { Row } from './row';

/** Arrays that a step of the rule reads (phi, gradient, momentum, omega, lambda) and writes (phi, momentum). */
export const arraysMoved = { read: 5, written: 2 };

/** The local rule alone: pull towards omega, then Nesterov. Beside it, what this machine can copy. */
export function openLocalRule(synapses: number) {
  const { memory, kernels } = openMachine();
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
  const pass = new RuleBinder(openMachine(), network, place).pulledStep(inner.rule);
  const copy = memory.allocate(synapses);
  const source = place('omega').pointer;
  const scalars = inner.scalarsAt(1);
  const milliseconds = (work: () => void, repeats: number): number => {
    const begin = performance.now();
    for (let i = 0; i < repeats; i++) work();
    return (performance.now() - begin) / repeats;
  };
  return {
    /** Takes some steps; gives how long one takes. */
    rule: (repeats: number) => milliseconds(() => pass.run(scalars), repeats),
    /** The same for memory.copy of an array as long, which reads one and writes one. */
    copy: (repeats: number) =>
      milliseconds(() => kernels.copyRows(source, 0, copy.pointer, 0, 1, synapses), repeats),
    close() {
      for (const vector of [...arrays.values(), copy]) memory.release(vector);
    },
  };
}

/** The rule's traffic beside the bandwidth of copying, taken in turn. */
export function measureLocalRule(trials: number): Row[] {
  return [1_000_000, 10_000_000].map((synapses) => {
    const { rule, copy, close } = openLocalRule(synapses);
    const repeats = Math.max(3, Math.round(2e7 / synapses));
    rule(repeats);
    copy(repeats);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let trial = 0; trial < trials; trial++) {
      ours.push(rule(repeats));
      theirs.push(copy(repeats));
    }
    close();
    const bandwidth = (arrays: number, milliseconds: number) => (arrays * 4 * synapses) / milliseconds / 1e6;
    const rate = bandwidth(arraysMoved.read + arraysMoved.written, median(ours));
    const possible = bandwidth(2, median(theirs));
    return {
      ...{ work: 'local rule alone', shapes: `${synapses / 1e6}M synapses` },
      ours: `${median(ours).toPrecision(3)} ms, ${rate.toPrecision(3)} GB/s`,
      peer: `copy ${possible.toPrecision(3)} GB/s`,
      ...{ ratio: rate / possible, goal: 0.7 },
    };
  });
}
