import { RandomStream } from '../../src/core/random';
import { type Kernels, kernelNames } from '../../src/engine/simd/machine/kernels';
import type { Machine } from '../../src/engine/simd/machine/machine';
import { Allocation, type Vector } from '../../src/engine/simd/machine/shared-memory';
import { BatchSlots } from '../../src/engine/simd/passes/batch-slots';
import { type RoleVectors, SimdPass } from '../../src/engine/simd/passes/simd-pass';
import { RuleBinder } from '../../src/engine/simd/rule-binder';
import { initialParameters, type Network } from '../../src/network/network';
import { inner, randomBatch, type Work } from './inner-steps';
import { kernelCosts, type Part, ruleCost } from './kernel-costs';

/** One call of a step, with what it has to do at least. */
export interface StepCall {
  readonly part: Part;
  readonly operations: number;
  readonly bytes: number;
  run(): void;
}

export interface RecordedStep {
  /** In their order: kernels forward and backward, then the rule. */
  readonly calls: readonly StepCall[];
  /** Of all arrays that the calls work on. */
  readonly bytesInUse: number;
  close(): void;
}

/** An inner step as the calls that it is made of, written down from a pass of the engine on arrays of its own. */
export function recordStep(
  { network, samples }: Pick<Work, 'network' | 'samples'>,
  machine: Machine,
): RecordedStep {
  const before = machine.memory.bytesInUse;
  const allocation = new Allocation(machine.memory);
  const roleVectors = (size: number): RoleVectors => {
    const vector = () => allocation.vector(size);
    return { values: vector(), gradient: vector(), direction: vector(), product: vector() };
  };
  const [fast, meta] = [roleVectors(network.size), roleVectors(network.meta.size)];
  fast.values.values.set(initialParameters(network, new RandomStream('init', 'seed')).fast);
  const calls: StepCall[] = [];
  const kernels = recordingKernels(machine.kernels, calls);
  const pass = new SimdPass({ network, samples, vectors: { fast, meta }, allocation, kernels });
  const batch = new BatchSlots(network, allocation).slot(randomBatch(network, samples));
  pass.use(batch.inputs.pointer, batch.targets.pointer).gradient(1, false);
  calls.push(ruleCall(network, fast, allocation, machine));
  return {
    calls,
    bytesInUse: machine.memory.bytesInUse - before,
    close: () => allocation.close(),
  };
}

/** Kernels that only write down how they are called. */
function recordingKernels(kernels: Kernels, calls: StepCall[]): Kernels {
  const note = (name: (typeof kernelNames)[number]) => {
    const { part, operations, numbers } = kernelCosts[name];
    const kernel = kernels[name];
    return (...given: number[]): void => {
      const cost = { operations: operations(given), bytes: 4 * numbers(given) };
      calls.push({ part, ...cost, run: () => kernel(...given) });
    };
  };
  return Object.fromEntries(kernelNames.map((name) => [name, note(name)])) as Kernels;
}

function ruleCall(network: Network, fast: RoleVectors, allocation: Allocation, machine: Machine): StepCall {
  const arrays = new Map<string, Vector>([
    ['value', fast.values],
    [network.synapse.fast, fast.values],
    ['gradient', fast.gradient],
  ]);
  const place = (name: string): Vector => {
    const vector = arrays.get(name) ?? allocation.vector(network.size);
    arrays.set(name, vector);
    return vector;
  };
  const rule = new RuleBinder({ machine, network, allocation, vector: place }).pulledStep(inner.rule);
  const scalars = inner.scalarsAt(1);
  return {
    part: 'rule',
    operations: ruleCost.operations * network.size,
    bytes: 4 * ruleCost.numbers * network.size,
    run: () => rule.run(scalars),
  };
}
