import type { Activation } from '../../../network/neuron-chain';

/** A neuron's rate, of its state; and the rate's derivative. */
interface RateFunction {
  rate(state: number): number;
  slope(state: number): number;
}

const functions: Readonly<Record<Activation, RateFunction>> = {
  identity: { rate: (state) => state, slope: () => 1 },
  tanh: {
    rate: Math.tanh,
    slope: (state) => {
      const rate = Math.tanh(state);
      return 1 - rate * rate;
    },
  },
  relu: { rate: (state) => Math.max(0, state), slope: (state) => (state > 0 ? 1 : 0) },
};

/** rates = rho(states). */
export function ratesOf(activation: Activation, states: Float64Array, rates: Float64Array): void {
  const { rate } = functions[activation];
  for (let i = 0; i < rates.length; i++) rates[i] = rate(states[i]!);
}

/** values = rho'(states) values. */
export function timesSlopes(activation: Activation, states: Float64Array, values: Float64Array): void {
  const { slope } = functions[activation];
  for (let i = 0; i < values.length; i++) values[i]! *= slope(states[i]!);
}
