import { UnstableNeuronsError } from '../../../core/errors';
import { norm } from '../../../core/norm';
import type { Batch } from '../../../data/batch';
import { type EquilibriumCredit, relaxationOf } from '../../../network/credit/equilibrium';
import { ratesOf, timesSlopes } from './activations';
import type { NeuronArithmetic, NeuronSurroundings } from './neuron-dynamics';
import { driveOf, returnOf } from './products';
import { spectralNorm } from './spectral-norm';

/** Neurons relax on E + b C: ds_l = -(e_l - rho'(s_l) W_(l+1)^T e_(l+1)), an output's also by -b dC/ds. */
export const equilibriumArithmetic: NeuronArithmetic<EquilibriumCredit> = {
  kind: 'equilibrium',

  open({ stages, credit, phi, free, cost }) {
    const { nudge, sweeps, order } = credit;
    const zeros = () => free.states.map(({ length }) => new Float64Array(length));
    const [states, errors, forces] = [zeros(), zeros(), zeros()];
    const preNudged = free.pre.map(({ length }) => new Float64Array(length));
    const last = stages.length - 1;
    let batch: Batch;
    /** ||b dC/ds|| at the forward pass: the only force there. */
    let first = 0;

    const each = (work: (l: number) => void): void => {
      for (let l = 0; l <= last; l++) work(l);
    };

    /** e_l, by the states as they are. */
    const toError = (l: number): void => {
      if (l > 0) ratesOf(stages[l]!.activation, states[l - 1]!, preNudged[l]!);
      const error = errors[l]!;
      driveOf(stages[l]!, phi, preNudged[l]!, error);
      for (let i = 0; i < error.length; i++) error[i] = states[l]![i]! - error[i]!;
    };

    /** By the errors as they are. */
    const toForce = (l: number): void => {
      const force = forces[l]!;
      if (l === last) {
        const slopes = cost.slopes(states[l]!, batch);
        for (let i = 0; i < force.length; i++) force[i] = -(errors[l]![i]! + nudge * slopes[i]!);
        return;
      }
      returnOf(stages[l + 1]!, phi, errors[l + 1]!, force);
      timesSlopes(stages[l + 1]!.activation, states[l]!, force);
      for (let i = 0; i < force.length; i++) force[i]! -= errors[l]![i]!;
    };

    const move = (l: number, dt: number): void => {
      for (let i = 0; i < states[l]!.length; i++) states[l]![i]! += dt * forces[l]![i]!;
    };

    const sweep = (steps: readonly number[]): void => {
      if (order === 'synchronous') {
        each((l) => toError(l));
        each((l) => toForce(l));
        each((l) => move(l, steps[l]!));
        return;
      }
      for (let l = last; l >= 0; l--) {
        toError(l);
        if (l < last) toError(l + 1);
        toForce(l);
        move(l, steps[l]!);
      }
    };

    const residual = (): number => {
      each((l) => toForce(l));
      return first === 0 ? 0 : Math.hypot(...forces.map(norm)) / first;
    };

    return {
      states,
      activities: {
        pre: free.pre,
        post: free.post,
        preNudged,
        postNudged: [...preNudged.slice(1), states[last]!],
        errorNudged: errors,
      },

      settle(given, watch) {
        batch = given;
        const steps = stepsOf({ stages, credit, phi, cost });
        free.compute(phi, given.x);
        each((l) => states[l]!.set(free.states[l]!));
        preNudged[0]!.set(free.pre[0]!);
        first = nudge * norm(cost.slopes(free.outputs, given));
        watch?.(0);
        for (let k = 1; k <= sweeps; k++) {
          sweep(steps);
          watch?.(k);
        }
        each((l) => toError(l));
        if (credit.dt !== null) checkAtRest(credit.dt, residual());
      },

      residual,
    };
  },
};

/**
 * How far each layer moves along its force in a sweep: the same for all where the credit says so; else 1 over the curvature of its energy, which is at most
 * 1 + ||W||^2 with the weights that leave it, and of outputs 1 + b C''.
 * @throws UnstableNeuronsError where the given one is not stable.
 */
function stepsOf({
  stages,
  credit,
  phi,
  cost,
}: Pick<NeuronSurroundings<EquilibriumCredit>, 'stages' | 'credit' | 'phi' | 'cost'>): readonly number[] {
  const { dt, nudge } = credit;
  const squares = stages.slice(1).map((stage) => spectralNorm(stage, phi) ** 2);
  const curvatures = [...squares, nudge * cost.curvature].map((square) => 1 + square);
  if (dt === null) return curvatures.map((curvature) => relaxationOf(credit) / curvature);
  const steepest = Math.max(...curvatures);
  // Not the negation, so that weights that are no numbers are found by whoever watches the gradient.
  if (dt * steepest >= 2) {
    throw new UnstableNeuronsError({
      what: `Neurons with weights this large do not settle: dt (1 + ||W||^2) is ${short(dt * steepest)}`,
      got: `dt ${dt}, ||W||^2 ${short(steepest - 1)}`,
      legal: `dt (1 + ||W||^2) below 2: dt below ${short(2 / steepest)} for these weights, and less as they grow`,
      advice: 'Lower dt of the credit, or set it to null: then each layer of neurons has its own',
    });
  }
  return stages.map(() => dt);
}

/** Forces that have grown since the forward pass grow without end; a bound of twice, since layers that move one after the other overshoot at first. */
function checkAtRest(dt: number, residual: number): void {
  if (residual < 2) return;
  throw new UnstableNeuronsError({
    what: `Neurons run away from rest: the forces on them are ${short(residual)} times what they began with`,
    got: `dt ${dt}`,
    advice: 'Lower dt of the credit, or set it to null: then each layer of neurons has its own',
  });
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
