import { z } from 'zod';
import { wholeNumber } from '../core/checks';
import { validate } from '../core/validate';
import type { SweepTick, Tick } from './tick';

/** How long one phase may last. */
export interface PhasePlan {
  /** Nudging strength; 0 is the free phase. */
  readonly beta: number;
  /** Step budget; the phase ends sooner where it has settled. */
  readonly steps: number;
  /** What the gradient's norm has to reach for the phase to have settled; with 0 the step budget defines the phase. */
  readonly tolerance?: number;
  /** Whether the residual that the phase tells is that at its end; before its last step otherwise. Default true. */
  readonly residualAtEnd?: boolean;
}

/** Which sweeps of neurons are told, where the source of credit has neurons that settle. */
export interface NeuralPlan {
  /** Sweeps by which neurons settle, for each gradient. */
  readonly sweeps: number;
  /** Sweeps from one that is told to the next; the first is the forward pass, 0. */
  readonly stride: number;
}

/** The course of one task: its phases in order, the free one first. */
export interface TaskPlan {
  readonly phases: readonly PhasePlan[];
  /** How many steps one `step` event stands for; probes that want every step make it 1. */
  readonly stride: number;
  /** Sweeps of neurons that are told before each chunk of steps: those of its first step. Default: none. */
  readonly neural?: NeuralPlan;
  /** What is worked out at the end of the phases, where that is not their contrast. */
  readonly end?: string;
}

/** The course of a whole run. */
export interface RunPlan {
  readonly plan: TaskPlan;
  readonly tasks: number;
  /** Tasks from one meta-update to the next. Default 1. */
  readonly batch?: number;
}

const planSchema = z.strictObject({
  phases: z
    .array(
      z.strictObject({
        beta: z.number(),
        steps: z.int().min(1),
        tolerance: z.number().min(0).optional(),
        residualAtEnd: z.boolean().optional(),
      }),
    )
    .min(1),
  stride: z.int().min(1),
  neural: z.strictObject({ sweeps: z.int().min(1), stride: z.int().min(1) }).optional(),
  end: z.string().optional(),
});

const runPlanSchema = z.strictObject({
  plan: planSchema,
  tasks: z.union([z.int().min(0), z.literal(Infinity)]),
  batch: z.int().min(1).optional(),
});

/** @throws InputError where a plan has no phase, or a number of it is out of range. */
export function checkRunPlan(plan: RunPlan): RunPlan {
  return validate(runPlanSchema, plan, 'the plan of the run');
}

/** Tells the schedule, after each chunk of steps, whether the phase has settled and may end. */
export type Feedback = { readonly settled: boolean };

/** What comes next depends on the plan and on the feedback alone. */
export type Ticks = Generator<Tick, void, Feedback | undefined>;

/**
 * The ticks of tasks `first` to `first + count - 1`. Pure. `count` may be Infinity.
 * @throws InputError where the plan has no phase, or a budget or the stride is no whole number of 1 or more.
 */
export function* schedule(plan: TaskPlan, first = 0, count = 1): Ticks {
  validate(planSchema, plan, 'the plan of a task');
  wholeNumber('first', first);
  if (count !== Infinity) wholeNumber('count', count);
  for (let task = first; task < first + count; task++) {
    yield* opening(plan, task);
    for (let phase = 1; phase < plan.phases.length; phase++) yield* phaseTicks(plan, task, phase);
    yield* closing(task);
  }
}

/** The beginning of a task, up to the end of its free phase, which all others start from. */
export function* opening(plan: TaskPlan, task: number): Ticks {
  yield { kind: 'task-start', task };
  yield* phaseTicks(plan, task, 0);
}

/** One phase of a task. */
export function* phaseTicks({ phases, stride, neural }: TaskPlan, task: number, phase: number): Ticks {
  const { beta, steps } = phases[phase]!;
  yield { kind: 'phase-start', task, phase, beta };
  for (let step = 0; step < steps; step += stride) {
    const chunk = Math.min(stride, steps - step);
    for (const { on, sweep } of neural === undefined ? [] : sweepsOf(neural, beta))
      yield { kind: 'sweep', task, phase, beta, step, sweep, on };
    const feedback = yield { kind: 'step', task, phase, beta, first: step, count: chunk };
    if (feedback?.settled) break;
  }
  yield { kind: 'phase-end', task, phase, beta };
}

/** The sweeps that are told of one step: neurons settle on training data, then, in a nudged phase, on what is replayed. */
function* sweepsOf({ sweeps, stride }: NeuralPlan, beta: number): Generator<Pick<SweepTick, 'on' | 'sweep'>> {
  for (const on of dataIn(beta)) for (let sweep = 0; sweep <= sweeps; sweep += stride) yield { on, sweep };
}

/** What neurons see in a phase. */
export const dataIn = (beta: number): readonly SweepTick['on'][] =>
  beta === 0 ? ['train'] : ['train', 'replay'];

/** The end of a task, once all of its phases are over. */
export function* closing(task: number): Ticks {
  yield { kind: 'meta-update', task };
  yield { kind: 'task-end', task };
}
