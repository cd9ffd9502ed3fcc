import { RandomStream } from '../../src/core/random';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { kernelMaker } from '../../src/engine/gpujs/kernel-maker';
import { numberSchedule, numbersAt } from '../../src/engine/gpujs/number-schedule';
import { Plan, type PlanReport, type PlanValues } from '../../src/engine/gpujs/plan';
import { RuleKernels } from '../../src/engine/gpujs/rule-kernels';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { inner, openWork, stepOf, works } from '../bench/inner-steps';

/** Times of phases of so many steps, in milliseconds a phase. */
export interface PhaseTimes {
  readonly steps: number;
  readonly trials: readonly number[];
}

export interface Timed {
  readonly report: PlanReport | null;
  /** By phases of growing length: what crosses to the device and back, crosses once a phase. */
  readonly phases: readonly PhaseTimes[];
}

export interface TimedRule extends Timed {
  /** The largest difference of any of a thousand synapses from the plain rule in float64, over the largest entry. */
  readonly apart: number;
}

/**
 * Milliseconds: a thing is tried until `time` is over, in trials of as many phases as take `trial`, and not at all where one phase would take
 * more than `longest`; and how many trials there are at the least and the most.
 */
const enough = { time: 400, trial: 5, longest: 4000, least: 5, most: 40 };

/** Longer and longer phases, each when it is warm, until one would take too long. */
async function timePhases(
  lengths: readonly number[],
  phase: (steps: number) => Promise<unknown>,
): Promise<PhaseTimes[]> {
  const phases: PhaseTimes[] = [];
  let stepTime = 0;
  for (const steps of lengths) {
    if (phases.length > 0 && stepTime * steps > enough.longest) break;
    await phase(steps);
    await phase(steps);
    const trials: number[] = [];
    // Clocks of pages tick in tenths of a millisecond.
    let repeats = 1;
    const begin = performance.now();
    while (
      trials.length < enough.least ||
      (trials.length < enough.most && performance.now() - begin < enough.time)
    ) {
      const from = performance.now();
      for (let i = 0; i < repeats; i++) await phase(steps);
      const passed = performance.now() - from;
      if (passed < enough.trial && trials.length === 0) {
        repeats *= 2;
        continue;
      }
      trials.push(passed / repeats);
      if (passed > enough.longest) break;
    }
    phases.push({ steps, trials });
    stepTime = Math.min(...trials) / steps;
  }
  return phases;
}

/** The local rule alone, pull and Nesterov, at a gradient that stays: a plan of one phase's steps, as the engine makes of a chunk. */
export async function timeRule(mode: string, synapses: number): Promise<TimedRule> {
  const { GPU } = await import('gpu.js');
  const gpu = new GPU({ mode: mode as never });
  const { pull } = complexSynapse;
  const rules = new RuleKernels('phi', synapses, gpu.mode, kernelMaker(gpu));
  const stream = new RandomStream('rule alone', 'seed');
  const some = Float32Array.from({ length: 1021 }, () => stream.normal());
  // A prime number of drawn ones, in turn: ten million are drawn slowly.
  const drawn = (from: number) => Float32Array.from({ length: synapses }, (_, i) => some[(i + from) % 1021]!);
  const vectors = {
    ...{ phi: drawn(0), omega: drawn(100), lambda: drawn(200).map(Math.abs) },
    ...{ gradient: drawn(300), momentum: drawn(400) },
  };
  const scalars = [inner.scalarsAt(1)];
  const values: PlanValues = {
    ...vectors,
    ...numberSchedule('pull', rules.lowered(pull), [{}]).values,
    ...numberSchedule('rule', rules.lowered(inner.rule), scalars).values,
  };
  const plans = new Map<number, Plan>();
  const planOf = (steps: number): Plan => {
    const known = plans.get(steps);
    if (known !== undefined) return known;
    const plan = new Plan(gpu, Object.keys(values), false, (handles) => {
      let present = handles;
      for (let step = 0; step < steps; step++) {
        const pulled = { ...present, gradient: handles.gradient! };
        present = rules.apply(pull, pulled, numbersAt('pull', handles));
        present = rules.apply(inner.rule, present, numbersAt('rule', handles));
      }
      return { phi: present.phi!, momentum: present.momentum! };
    });
    plans.set(steps, plan);
    return plan;
  };
  const phases = await timePhases([1, 8, 64], (steps) => planOf(steps).run(values));
  const { report } = planOf(1);
  const apart = fromPlain(vectors, (await planOf(8).run(values)) as Record<string, Float32Array>);
  for (const plan of plans.values()) await plan.destroy();
  await gpu.destroy();
  return { report, phases, apart };
}

/** How far eight steps are from what the plain rules make of a thousand of the synapses, from the first to the last. */
function fromPlain(vectors: Record<string, Float32Array>, after: Record<string, Float32Array>): number {
  const synapses = vectors.phi!.length;
  const asked = Math.min(synapses, 1000);
  const places = Array.from({ length: asked }, (_, i) =>
    Math.round((i * (synapses - 1)) / Math.max(1, asked - 1)),
  );
  const at = (name: string) => Float64Array.from(places, (place) => vectors[name]![place]!);
  const present = Object.fromEntries(Object.keys(vectors).map((name) => [name, at(name)]));
  const plain = plainExecutor();
  for (let step = 0; step < 8; step++) {
    const quantities = { ...present, value: present.phi!, gradient: at('gradient') };
    plain.run(complexSynapse.pull, quantities);
    plain.run(inner.rule, quantities, inner.scalarsAt(step + 1));
  }
  const parts = Object.entries(after).map(([name, values]) => {
    const truth = present[name]!;
    const difference = Math.max(...places.map((place, i) => Math.abs(values[place]! - truth[i]!)));
    return difference / Math.max(...truth.map(Math.abs));
  });
  return Math.max(...parts);
}

/** An inner step of one of the benchmark's networks, in phases of several. */
export async function timeWork(mode: string, name: string): Promise<Timed> {
  const engine = gpujsEngine({ mode: mode as never });
  const work = works.find((candidate) => candidate.name === name)!;
  const open = await openWork(work, engine);
  const phases = await timePhases([1, 8, 64], (steps) => open.milliseconds(steps));
  await open.close();
  return { report: engine.report, phases };
}

/** What an engine makes of one of the benchmark's networks. */
export interface WorkAnswers {
  readonly outputs: readonly number[];
  readonly gradient: readonly number[];
  readonly product: readonly number[];
}

/** Outputs, gradient and a product of the Hessian, at so few samples that a processor gives them soon. */
export async function answerWork(mode: string, name: string, samples: number): Promise<WorkAnswers> {
  return askWork(gpujsEngine({ mode: mode as never }), name, samples);
}

/** The same of any engine, here or in a page. */
export async function askWork(engine: Engine, name: string, samples: number): Promise<WorkAnswers> {
  const { network } = works.find((candidate) => candidate.name === name)!;
  const { phi, train } = stepOf({ network, samples });
  const session = await engine.open(network);
  await session.write('phi', phi);
  const { outputs } = await session.evaluate(train);
  const gradient = await session.gradient(train);
  const stream = new RandomStream('direction', 'seed');
  const direction = Float64Array.from({ length: network.size }, () => Math.fround(stream.normal()));
  const product = await session.hessianVector(train, direction);
  await session.close();
  return {
    outputs: Array.from(outputs),
    gradient: Array.from(gradient),
    product: Array.from(product),
  };
}
