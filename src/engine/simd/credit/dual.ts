import { norm } from '../../../core/norm';
import type { DualCredit } from '../../../network/credit/dual';
import { dualCreditRule } from '../../../synapse/rules/credit';
import { padded, type Vector } from '../machine/shared-memory';
import type { CreditKernels } from './credit-kernels';
import { tooStrong } from './trouble';

/** From this nudge on the iteration that finds the states under cross-entropy may have no end: each step of it takes b/4 of the one before. */
const strongNudge = 2;

/** Dyadic neurons, as the difference and the mean of their two states: what goes down is the differences alone, and what goes up the means. */
export const dualKernels: CreditKernels<DualCredit> = {
  kind: 'dual',
  rule: dualCreditRule,

  mayFail: ({ nudge }, { loss }) => loss.kind !== 'mse' && nudge >= strongNudge,

  ofWeights({ network, credit: { nudge }, chain }) {
    if (network.loss.kind === 'mse' && nudge >= chain.at(-1)!.outputs) throw tooStrong(nudge);
    return { load() {} };
  },

  bind({ network, credit: { nudge, sweeps }, samples, kernels, chain, trouble, allocate }) {
    const { last, drives, rates } = chain;
    const arrays = () => drives.map((_, l) => chain.array(l));
    const [backs, slopes] = [arrays(), arrays()];
    const isLinear = (l: number) => l < last && chain.activation(l) === 'identity';
    // Linear neurons below the outputs differ by what comes down, and are in the mean what comes up.
    const differences = backs.map((back, l) => (isLinear(l) ? back : chain.array(l)));
    const means = drives.map((drive, l) => (isLinear(l) ? drive : chain.array(l)));
    const { outputs } = chain.shape(last);
    const scratch = allocate(2 * padded(outputs)).pointer;
    const remembered: { differences: Float64Array[]; means: Float64Array[] } = { differences: [], means: [] };

    const toOutputs = (): void => {
      const [a, difference, mean] = [drives, differences, means].map((of) => of[last]!.pointer);
      if (network.loss.kind === 'mse') {
        kernels.dyadicSquares(a!, chain.targets, difference!, mean!, chain.count(last), nudge / outputs);
        return;
      }
      kernels.dyadicSoftmax(
        ...[a!, chain.targets, difference!, mean!, samples, outputs, padded(outputs), nudge],
        ...[scratch, trouble.noState],
      );
    };
    const toStates = (l: number): void => {
      chain.bringBack(l, differences[l + 1]!, backs[l]!);
      const [a, back, rate, difference, mean] = [drives, backs, rates, differences, means].map(
        (of) => of[l]!.pointer,
      );
      const activation = chain.activation(l);
      if (activation === 'relu') kernels.dyadicRelu(a!, back!, difference!, mean!, chain.count(l));
      if (activation === 'tanh') kernels.dyadicTanh(a!, rate!, back!, difference!, mean!, chain.count(l));
    };
    /** By the means below as they are. */
    const drive = (l: number): void => {
      chain.drive(l, means[l - 1]!, drives[l]!);
      if (l < last) chain.rate(l, drives[l]!, rates[l]!);
    };
    const sweep = (isFirst: boolean): void => {
      for (let l = last; l >= 0; l--) {
        // The first sweep finds the drives of the forward pass; the first stage's never change.
        if (!isFirst && l > 0) drive(l);
        if (l === last) toOutputs();
        else toStates(l);
      }
    };
    const numbers = (of: readonly Vector[]) => of.map((array, l) => chain.numbers(l, array));

    return {
      begin: () => chain.forward(),
      sweeps,
      sweep,

      learn(weight, add) {
        const factor = -weight / (samples * nudge);
        for (let l = 0; l <= last; l++) {
          kernels.scaledDifference(differences[l]!.pointer, 0, slopes[l]!.pointer, chain.count(l), factor);
          chain.learn(l, slopes[l]!, means, add);
        }
      },

      watched: {
        states: (swept) => numbers(swept === 0 ? rates : means),
        first: { before() {}, kernels() {}, after() {} },
        last: {
          before() {
            remembered.differences = numbers(differences);
            remembered.means = numbers(means);
          },
          kernels: () => sweep(false),
          after() {
            const changes = (now: Float64Array[], then: Float64Array[]) =>
              Math.hypot(...now.map((values, l) => norm(values.map((value, i) => value - then[l]![i]!))));
            // s(+-) = mean +- difference / 2.
            const moved = Math.hypot(
              Math.SQRT2 * changes(numbers(means), remembered.means),
              Math.SQRT1_2 * changes(numbers(differences), remembered.differences),
            );
            const apart = Math.hypot(...remembered.differences.map(norm));
            return apart === 0 ? 0 : moved / apart;
          },
        },
      },
    };
  },
};
