import { norm } from '../../../core/norm';
import { type EquilibriumCredit, relaxationOf } from '../../../network/credit/equilibrium';
import { equilibriumCreditRule } from '../../../synapse/rules/credit';
import { costCurvature } from '../../cost-curvature';
import { padded, type Vector } from '../machine/shared-memory';
import type { CreditKernels, OfWeights } from './credit-kernels';
import { tooLong } from './trouble';

/** How far the neurons of each stage move along their force. */
interface Steps extends OfWeights {
  /** Where that of a stage lies. */
  at(stage: number): number;
}

/** What `stableStep` takes beside three rows: 64 numbers of float64, twice. */
const lanczosRoom = 2 * 2 * 64;

/**
 * Neurons relax on E + b C, from the forward pass on. All is worked out in displacements from there, and rates in what they have moved by: biases drop out, the
 * first stage's product with the input is made once, and a weak nudge costs no digits.
 */
export const equilibriumKernels: CreditKernels<EquilibriumCredit, Steps> = {
  kind: 'equilibrium',
  rule: equilibriumCreditRule,

  mayFail: ({ dt }) => dt !== null,

  ofWeights({ network, credit, chain, stages, kernels, allocate, trouble }) {
    const { dt, nudge } = credit;
    const relaxation = relaxationOf(credit);
    const last = chain.length - 1;
    const steps = allocate(chain.length);
    const outputCurvature = nudge * costCurvature(network.loss, chain[last]!.outputs);
    if (dt !== null && dt * (1 + outputCurvature) >= 2) throw tooLong({ dt }, outputCurvature);
    steps.values[last] = dt ?? relaxation / (1 + outputCurvature);
    const widest = Math.max(...chain.map(({ inputs }) => padded(inputs)));
    const scratch = allocate(lanczosRoom + 3 * widest).pointer;
    const at = (stage: number) => steps.pointer + 4 * stage;
    return {
      at,
      load() {
        for (let l = 0; l < last; l++) {
          const { inputs, outputs } = chain[l + 1]!;
          const { plain } = stages[l + 1]!;
          kernels.stableStep(
            ...[plain, padded(inputs), outputs, inputs, dt ?? -relaxation, at(l), trouble.tooSteep, scratch],
          );
        }
      },
    };
  },

  bind({ credit: { nudge, sweeps, order }, samples, kernels, chain, own }) {
    const { last, drives, rates } = chain;
    const arrays = () => drives.map((_, l) => chain.array(l));
    const [displacements, driven, backs, errors, now] = [arrays(), arrays(), arrays(), arrays(), arrays()];
    const moved = displacements.map((u, l) => (chain.activation(l) === 'identity' ? u : chain.array(l)));
    const [outputs, pull] = [chain.array(last), backs[last]!];
    const cost = chain.loss(outputs, pull);
    const pointer = ({ pointer }: Vector) => pointer;
    const drivenAt = (l: number) => (l === 0 ? 0 : pointer(driven[l]!));
    let first = 0;

    /** -b dC/ds of each sample, by the outputs as they are. */
    const toPull = (): void => {
      kernels.addArrays(
        pointer(drives[last]!),
        pointer(displacements[last]!),
        outputs.pointer,
        chain.count(last),
      );
      cost.forward(-nudge * samples);
    };
    /** factor e. */
    const toErrors = (l: number, factor: number): void =>
      kernels.scaledDifference(
        ...[pointer(displacements[l]!), drivenAt(l), pointer(errors[l]!), chain.count(l), factor],
      );
    const toBack = (l: number): void =>
      l === last ? toPull() : chain.bringBack(l, errors[l + 1]!, backs[l]!);
    const relax = (l: number): void => {
      const [u, back, a, error] = [displacements, backs, drives, errors].map((of) => pointer(of[l]!));
      const [from, to, step, count] = [drivenAt(l), pointer(moved[l]!), own.at(l), chain.count(l)];
      const activation = chain.activation(l);
      if (activation === 'identity') kernels.relaxLinear(u!, from, back!, error!, step, count);
      else if (activation === 'relu') kernels.relaxRelu(u!, from, back!, a!, to, error!, step, count);
      else kernels.relaxTanh(u!, from, back!, a!, pointer(rates[l]!), to, error!, step, count);
    };
    /** What a stage drives the next one by, beyond the forward pass. */
    const driveNext = (l: number): void => {
      if (l < last) chain.driveMove(l + 1, moved[l]!, driven[l + 1]!);
    };

    return {
      sweeps,

      begin() {
        chain.forward();
        for (let l = 0; l <= last; l++) {
          for (const array of new Set([displacements[l]!, driven[l]!, moved[l]!])) {
            kernels.clear(array.pointer, chain.count(l));
          }
        }
      },

      sweep() {
        if (order === 'synchronous') {
          for (let l = 0; l <= last; l++) toErrors(l, 1);
          for (let l = 0; l <= last; l++) toBack(l);
          for (let l = 0; l <= last; l++) relax(l);
          for (let l = 0; l < last; l++) driveNext(l);
          return;
        }
        for (let l = last; l >= 0; l--) {
          toBack(l);
          relax(l);
          driveNext(l);
        }
      },

      learn(weight, add) {
        for (let l = 0; l <= last; l++) {
          toErrors(l, -weight / (samples * nudge));
          chain.learn(l, errors[l]!, now, add);
          kernels.addArrays(pointer(rates[l]!), pointer(moved[l]!), pointer(now[l]!), chain.count(l));
        }
      },

      watched: {
        states: () =>
          drives.map((drive, l) => {
            const states = chain.numbers(l, drive);
            chain.numbers(l, displacements[l]!).forEach((u, i) => {
              states[i]! += u;
            });
            return states;
          }),
        first: {
          before() {},
          kernels: toPull,
          after() {
            first = norm(chain.numbers(last, pull));
          },
        },
        last: {
          before() {},
          kernels() {
            for (let l = 0; l <= last; l++) toErrors(l, 1);
            for (let l = 0; l <= last; l++) toBack(l);
          },
          after() {
            const forces = backs.map((back, l) => {
              const [pulls, error, rate, move, u, a] = [
                back,
                errors,
                rates,
                moved,
                displacements,
                drives,
              ].map((of) => chain.numbers(l, Array.isArray(of) ? of[l]! : (of as Vector))) as [
                Float64Array,
                Float64Array,
                Float64Array,
                Float64Array,
                Float64Array,
                Float64Array,
              ];
              const activation = chain.activation(l);
              return pulls.map((value, i) => {
                if (activation === 'tanh') return (1 - (rate[i]! + move[i]!) ** 2) * value - error[i]!;
                return (activation === 'relu' && a[i]! + u[i]! <= 0 ? 0 : value) - error[i]!;
              });
            });
            return first === 0 ? 0 : Math.hypot(...forces.map(norm)) / first;
          },
        },
      },
    };
  },
};
