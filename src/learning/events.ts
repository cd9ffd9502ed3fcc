import type { StepTick, SweepTick, Tick } from '../clock/tick';
import type { MetaMoves } from './meta-rule';

/** What the simulator tells its listeners: the clock's ticks, with what was measured at each. */
export type SimulationEvent =
  | (Extract<Tick, { kind: 'task-start' | 'task-end' | 'phase-start' }> & { readonly taskName: string })
  | SweepEvent
  | StepEvent
  | PhaseEndEvent
  | MetaUpdateEvent;

/** Neurons on their way to rest, as they are at the phi of the next step. Looking at them changes nothing. */
export interface SweepEvent extends SweepTick {
  readonly taskName: string;
  /** Samples of the batch that they see: training data, or what is replayed, as `on` says. */
  readonly samples: number;
  /** Their states s, [samples][neurons] by layer of neurons, the outputs last. Weights, inputs and states have no physical unit. */
  readonly states: readonly Float64Array[];
}

export interface StepEvent extends StepTick {
  readonly taskName: string;
  /** Norm of the augmented loss's gradient after these steps; before the last of them, where the phase's `residualAtEnd` is false. */
  readonly residual: number;
}

/** A phase has ended: at equilibrium where its residual is within the tolerance. */
export interface PhaseEndEvent {
  readonly kind: 'phase-end';
  readonly task: number;
  readonly taskName: string;
  /** 0 is the free phase. */
  readonly phase: number;
  readonly beta: number;
  /** Steps taken in the whole phase. */
  readonly steps: number;
  /** Norm of the augmented loss's gradient at the phase's end; before its last step, where the phase's `residualAtEnd` is false. */
  readonly residual: number;
  /** What the residual had to reach; 0 where the step budget alone defines the phase. */
  readonly tolerance: number;
  /** Whether the residual reached the tolerance; never with a tolerance of 0. */
  readonly converged: boolean;
  /**
   * How far from rest the neurons were left on the phase's last training data, 0 being at rest and 1 as far as where they began; where credit comes from neurons that
   * settle. Of a nudged phase only where its `residualAtEnd` is true, since it takes one more relaxation.
   */
  readonly neuralResidual?: number;
}

/** The slow variables have changed. */
export interface MetaUpdateEvent {
  readonly kind: 'meta-update';
  /** The last task that it is of. */
  readonly task: number;
  /** How many tasks it is of, those that were skipped among them. */
  readonly tasks: number;
  readonly taskName: string;
  /** The estimated meta-gradient, one entry a synapse, by slow variable. */
  readonly metaGradient: Readonly<Record<string, Float64Array>>;
  /** What moved each slow variable; null where they stay as they are, as for an estimate. */
  readonly moves: MetaMoves | null;
}

/** Whether a phase was to reach an equilibrium and did not. One that its step budget defines claims none. */
export function hasNotConverged({ tolerance, converged }: PhaseEndEvent): boolean {
  return tolerance > 0 && !converged;
}

/** For `events$.pipe(filter(isPhaseEnd))`. */
export function isPhaseEnd(event: SimulationEvent): event is PhaseEndEvent {
  return event?.kind === 'phase-end';
}

/** For `events$.pipe(filter(isSweep))`. */
export function isSweep(event: SimulationEvent): event is SweepEvent {
  return event?.kind === 'sweep';
}

/** For `events$.pipe(filter(isMetaUpdate))`. */
export function isMetaUpdate(event: SimulationEvent): event is MetaUpdateEvent {
  return event?.kind === 'meta-update';
}
