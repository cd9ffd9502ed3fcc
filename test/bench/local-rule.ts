import { openMachine } from '../../src/engine/simd/machine/machine';
import { Allocation, type Vector } from '../../src/engine/simd/machine/shared-memory';
import { RuleBinder } from '../../src/engine/simd/rule-binder';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { median } from './figures';
import { inner } from './inner-steps';
import type { Row } from './row';

/** Arrays of one float32 number a synapse that a step of the rule reads (phi, gradient, momentum, omega, lambda) and writes (phi, momentum). */
export const arraysMoved = { read: 5, written: 2 };

/**
 * The local rule alone: pull towards omega, then Nesterov. Beside it, what this machine can copy where as many bytes are touched:
 * memory.copy from one array of 2.5 numbers a synapse to another, so that both fit the same caches, or none.
 */
export function openLocalRule(synapses: number) {
  const machine = openMachine();
  const { memory, kernels } = machine;
  const allocation = new Allocation(memory);
  const network = defineNetwork({
    input: [synapses],
    layers: [dense(synapses, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
  });
  const arrays = new Map<string, Vector>();
  const place = (name: string): Vector => {
    const key = name === 'value' ? 'phi' : name;
    const found = arrays.get(key) ?? allocation.vector(synapses);
    arrays.set(key, found);
    return found;
  };
  const pass = new RuleBinder({ machine, network, allocation, vector: place }).pulledStep(inner.rule);
  const copied = (arraysMoved.read / 2) * synapses;
  let copies: { readonly source: Vector; readonly copy: Vector } | null = null;
  const scalars = inner.scalarsAt(1);
  const milliseconds = (work: () => void, repeats: number): number => {
    const begin = performance.now();
    for (let i = 0; i < repeats; i++) work();
    return (performance.now() - begin) / repeats;
  };
  return {
    /** Takes some steps; gives how long one takes. */
    rule: (repeats: number) => milliseconds(() => pass.run(scalars), repeats),
    /** The same for memory.copy, which reads and writes `copied` numbers. */
    copy(repeats: number) {
      copies ??= { source: allocation.vector(copied), copy: allocation.vector(copied) };
      const { source, copy } = copies;
      return milliseconds(() => kernels.copyRows(source.pointer, 0, copy.pointer, 0, 1, copied), repeats);
    },
    copied,
    close: () => allocation.close(),
  };
}

/** The rule's traffic beside the bandwidth of copying, taken in turn. */
export function measureLocalRule(trials: number): Row[] {
  return [1_000_000, 10_000_000].map((synapses) => {
    const { rule, copy, copied, close } = openLocalRule(synapses);
    const repeats = Math.max(3, Math.round(2e7 / synapses));
    // What the other one left in the caches is gone with the first pass. Each pass is timed by itself: one that the machine takes
    // for something else does not count for those around it.
    const timed = (pass: (repeats: number) => number): number[] => {
      pass(1);
      return Array.from({ length: repeats }, () => pass(1));
    };
    timed(rule);
    timed(copy);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let trial = 0; trial < trials; trial++) {
      ours.push(...timed(rule));
      theirs.push(...timed(copy));
    }
    close();
    const bandwidth = (numbers: number, milliseconds: number) => (numbers * 4) / milliseconds / 1e6;
    const rate = bandwidth((arraysMoved.read + arraysMoved.written) * synapses, median(ours));
    const possible = bandwidth(2 * copied, median(theirs));
    return {
      ...{ work: 'local rule alone', shapes: `${synapses / 1e6}M synapses` },
      ours: `${median(ours).toPrecision(3)} ms, ${rate.toPrecision(3)} GB/s`,
      peer: `copy ${possible.toPrecision(3)} GB/s`,
      ...{ ratio: rate / possible, goal: 0.7 },
    };
  });
}
