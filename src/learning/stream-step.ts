import type { Work } from '../engine/counted-session';
import type { Credit } from '../network/credit/credit';
import type { Quantities } from '../synapse/rule-executor';
import { hasNotConverged, type PhaseEndEvent } from './events';
import type { EpisodeResult } from './meta-learner';
import { neuronWarnings } from './phase-warnings';

/** What one meta-step saw. */
export interface StreamStep {
  /** Episodes that were learned from. */
  readonly learned: number;
  /** Episodes that were skipped: bad ones, those that diverged, and those without the minimum that the method needs. */
  readonly skipped: number;
  /** Mean held-out loss after learning each task; NaN where none was learned. */
  readonly heldOutLoss: number;
  /** Phases that were to reach an equilibrium and did not. None, where the step budget defines the phases. */
  readonly unconverged: number;
  /** Mean norm of the gradient at the ends of free and of nudged phases; NaN for a method without such phases. */
  readonly residual: PhaseResiduals;
  /** That neurons were left unsettled at the end of a phase, and what to change, in a sentence; null where they were not, or none settle. */
  readonly unsettled: string | null;
  /** Gradients and Hessian-vector products of this meta-step, skipped episodes included. */
  readonly work: Work;
}

/** Means over phases. */
export interface PhaseResiduals {
  readonly free: number;
  readonly nudged: number;
  /** How far from rest neurons were left; where credit comes from neurons that settle. */
  readonly neurons?: number;
}

/** What a meta-step of so many episodes came to. */
export function streamStep(
  results: readonly EpisodeResult[],
  drawn: number,
  work: Work,
  credit: Credit,
): StreamStep {
  const phases = results.flatMap((result) => result.phases ?? []);
  const ofNeurons = phases.flatMap(({ neuralResidual }) => neuralResidual ?? []);
  return {
    learned: results.length,
    skipped: drawn - results.length,
    heldOutLoss: mean(results.map(({ heldOutLoss }) => heldOutLoss)),
    unconverged: phases.filter(hasNotConverged).length,
    residual: {
      free: meanResidual(phases, true),
      nudged: meanResidual(phases, false),
      ...(ofNeurons.length === 0 ? {} : { neurons: mean(ofNeurons) }),
    },
    unsettled: neuronWarnings(phases, credit)[0] ?? null,
    work,
  };
}

/** The mean of the tasks' meta-gradients, summed in their order. */
export function meanMetaGradient(
  results: readonly EpisodeResult[],
  variables: readonly string[],
  slow: Quantities,
): Record<string, Float64Array> {
  const mean = (variable: string): Float64Array => {
    const sum = new Float64Array(slow[variable]!.length);
    for (const { metaGradient } of results) {
      for (let i = 0; i < sum.length; i++) sum[i]! += metaGradient[variable]![i]!;
    }
    return sum.map((value) => value / results.length);
  };
  return Object.fromEntries(variables.map((variable) => [variable, mean(variable)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanResidual(phases: readonly PhaseEndEvent[], free: boolean): number {
  return mean(phases.filter(({ beta }) => (beta === 0) === free).map(({ residual }) => residual));
}
