import { finite, wholeNumber, within } from '../core/checks';
import { InputError } from '../core/errors';
import type { Batch } from '../data/batch';
import type { Credit } from '../network/credit/credit';
import type { Network } from '../network/network';
import type { Rule } from '../synapse/rule';
import type { Scalars } from '../synapse/rule-executor';
import type { EvaluateOptions } from './evaluate-options';

/**
 * An engine executes a network and its inner learning rule. It is not a scheduler and not a learner: it knows
 * neither tasks nor meta-parameters' updates, and it changes state only when a session is told to.
 */
export interface Engine {
  readonly name: string;
  /** Where all its networks take their credit from, whatever they say themselves; undefined where each has its own. */
  readonly credit?: Credit;
  /** The same engine without that source. */
  readonly uncredited?: Engine;
  /** What this engine would run on, or why it cannot run here. Opens nothing. */
  probe(): Promise<EngineProbe>;
  /** @throws InputError where the network has a layer or loss that this engine has no arithmetic for. */
  open(network: Network): Promise<Session>;
  /**
   * Sessions that work at the same time, in threads of their own; for engines that can. They give the same bits as one.
   * @throws InputError where a number is not legal, or as `open`.
   */
  openSideBySide?(network: Network, count: number, by?: Threads): Promise<readonly Session[]>;
}

/** The threads that an engine works with. */
export interface Threads {
  /** Among which the sessions are shared out in turn, 1 to 64; those of one thread work one job after the other. Default: one a session. */
  readonly threads?: number;
  /** Further threads, over which the first may spread large batches beside its own: as many as there are parts to spread. Default 0. */
  readonly helpers?: number;
}

/** Whether an engine can run here, on what and with which arithmetic; or why not. */
export type EngineProbe =
  | {
      readonly available: true;
      readonly device: string;
      /** The same in a few words, where the engine's name leaves it open: `OpenBLAS 0.3.21`. */
      readonly brief?: string;
      readonly precision: 'float64' | 'float32';
      /** What its numbers depend on beside their precision: the same text, the same bits. The device, where left out. */
      readonly arithmetic?: string;
      /** What people may want to know of it, and no number depends on; a run does not record it. */
      readonly remark?: string;
      /** Why `auto` passes this engine over; absent where it may take it. */
      readonly byNameOnly?: string;
      /** What ran last, for engines that learn it only then. */
      readonly report?: object;
    }
  | { readonly available: false; readonly why: string };

/** An inner optimiser, ready to run: its rule and the numbers that it needs at each step. */
export interface InnerStep {
  readonly rule: Rule;
  /** Per-synapse state that the rule keeps between steps, such as `momentum`. Starts at 0. */
  readonly buffers: readonly string[];
  /**
   * Scalars of the rule at step t, counted from 1 since the buffers were last zero.
   * @param into what an earlier call gave and nobody needs any more: it may be written anew and given back, so that a step
   * makes no object. An optimiser of your own may leave it aside.
   */
  scalarsAt(step: number, into?: Scalars): Scalars;
}

/** A chunk of one phase: `steps` inner steps on L(train) + R + beta L(replay). */
export interface SettleRequest {
  readonly inner: InnerStep;
  readonly beta: number;
  readonly steps: number;
  /** Steps that the optimiser's buffers have seen already. */
  readonly stepsTaken: number;
  readonly train: Batch;
  /** Held-out data, from the replay stream; null in the free phase. */
  readonly replay: Batch | null;
  /** Stop as soon as the residual is at or below this. 0 runs every step. */
  readonly tolerance: number;
  /** Norm of the gradient where the phase began, by which divergence is measured. Default: where this chunk begins. */
  readonly firstResidual?: number;
  /**
   * Whether the residual behind the last step is worked out, which takes one more gradient. Without it, a chunk that takes all its steps
   * tells the residual before the last of them, and a last step that diverges is not found out here. Default true; always, where there is a
   * tolerance or no step.
   */
  readonly residualAtEnd?: boolean;
}

/** Whether a chunk ends with the gradient at its last phi. */
export function endsWithResidual({ residualAtEnd = true, tolerance, steps }: SettleRequest): boolean {
  return residualAtEnd || tolerance > 0 || steps === 0;
}

/** How a chunk of a phase ended. */
export interface Settled {
  /** Norm of the gradient of the augmented loss by phi, at the chunk's last phi; before its last step, where `residualAtEnd` is false. */
  readonly residual: number;
  /** Steps taken: less than asked for where the tolerance was reached, or learning diverged. */
  readonly steps: number;
  /** The residual is at or below the tolerance; never with a tolerance of 0. */
  readonly converged: boolean;
  /** The gradient left every bound: not finite, or above `divergenceBound`. */
  readonly diverged: boolean;
  /** Norm of the gradient where the phase began: as in the request, or where this chunk began. */
  readonly firstResidual: number;
}

/**
 * What every engine checks before it settles.
 * @throws InputError where a number of the request is not legal, or a nudged phase has no replayed data.
 */
export function checkSettleRequest(request: SettleRequest): void {
  const { beta, steps, stepsTaken, replay, tolerance, firstResidual = 0 } = request;
  wholeNumber('steps', steps);
  wholeNumber('stepsTaken', stepsTaken);
  within('tolerance', tolerance, 0, Infinity);
  within('firstResidual', firstResidual, 0, Infinity);
  if (finite('beta', beta) !== 0 && replay === null) {
    throw new InputError({ what: 'A nudged phase has no replayed data', got: beta, legal: 'beta = 0' });
  }
}

/** A gradient that has grown by this is far above any that learning recovers from. */
const divergenceGrowth = 1e12;

/**
 * The norm of the gradient above which a phase has diverged. Relative to where the phase began, since data in raw units have gradients of
 * any size; but a phase that begins at an equilibrium, with next to none, may have one of 1e12 before it counts.
 */
export function divergenceBound(firstResidual: number): number {
  return divergenceGrowth * Math.max(1, firstResidual);
}

/** Name of the variable that holds a network's meta-parameters, where it has some. */
export const metaWeights = 'theta';

/**
 * Holds one network's state on the engine's device: the fast variable, the slow ones, the optimiser's buffers,
 * all by name. Values cross over as float64 arrays whatever the device's precision. It does one thing after the other, in the order in
 * which they are asked for, whoever asks.
 * @throws ClosedError from each method after `close`.
 */
export interface Session {
  readonly engine: string;
  /** A copy of a variable's values. A buffer that was never used reads as zeros. */
  read(variable: string): Promise<Float64Array>;
  /** @throws InputError where the length is not the network's size. */
  write(variable: string, values: ArrayLike<number>): Promise<void>;
  /** Lets phi settle for a chunk of steps. */
  settle(request: SettleRequest): Promise<Settled>;
  /**
   * The data's loss L(phi; batch), and the predictions [samples][outputs]. It changes nothing, not the running statistics either.
   * @throws InputError where the options are not legal, or the engine has no such statistics.
   */
  evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation>;
  /** dL(phi; batch)/dphi, without the penalty. */
  gradient(batch: Batch): Promise<Float64Array>;
  /** dL(phi, theta; batch)/dtheta, for networks whose loss depends on meta-parameters of their own. */
  metaGradient(batch: Batch): Promise<Float64Array>;
  /** (d2L(phi; batch)/dphi2) vector, exactly, without the penalty. */
  hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array>;
  /** (d2L(phi, theta; batch)/dtheta dphi) vector, exactly; undefined where the engine has no such product. */
  readonly crossProduct?: ((batch: Batch, vector: Float64Array) => Promise<Float64Array>) | undefined;
  /**
   * What neurons do with the batch, where the network's credit comes from neurons that settle: nothing of the session changes. Undefined where the engine's backward
   * pass gives credit.
   */
  readonly relax?: ((batch: Batch, options?: RelaxOptions) => Promise<Relaxation>) | undefined;
  /**
   * What each synapse sees of its own neurons once they have settled, by the names that the rule of the network's credit reads: [samples][synapses]; and by the
   * names of its modulators what all synapses are given alike: [samples]. Undefined where there is no such rule, or the engine does not spell it out.
   */
  readonly activity?: ((batch: Batch) => Promise<Readonly<Record<string, Float64Array>>>) | undefined;
  /** Waits for what runs, then gives back what the session holds. A second time it does nothing. */
  close(): Promise<void>;
}

/** What is asked of neurons that settle. */
export interface RelaxOptions {
  /** Sweeps from one frame to the next; the first is the forward pass. Default: no frames. */
  readonly every?: number;
}

/** How neurons have settled. */
export interface Relaxation {
  /** How far from rest they are left, 0 being at rest and 1 as far as where they began. */
  readonly residual: number;
  /** The states of all neurons after so many sweeps: layer after layer, each [samples][neurons]. */
  readonly frames: readonly { readonly sweep: number; readonly states: Float64Array }[];
}

/** A loss, and the outputs that it is of. */
export interface Evaluation {
  readonly loss: number;
  readonly outputs: Float64Array;
}
