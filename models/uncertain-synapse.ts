import { defineSynapse, type SynapseModel } from '../src/synapse/model';

/** What an uncertain synapse falls back to, and how slowly. */
export interface UncertainOptions {
  /** Mean of the prior. */
  readonly priorMean: number;
  /** Deviation of the prior, above 0. */
  readonly priorSigma: number;
  /** How many images are remembered before the prior has come back, 1 or more. */
  readonly memory: number;
  /** First value of sigma, above 0. */
  readonly sigma: number;
}

/**
 * A synapse that knows how certain it is: w is drawn from a normal distribution with mean mu and deviation sigma. The energy is the Kullback-Leibler divergence from the prior,
 * shared out over `memory` images; it does not move w. The rule of metaplasticity from uncertainty (`uncertainSynapseRule`) is what descends loss and energy by the
 * metric of the distribution: d mu = -sigma^2 d/dmu, d sigma = -sigma^2/2 d/dsigma.
 */
export const uncertainSynapse = ({ priorMean, priorSigma, memory, sigma }: UncertainOptions): SynapseModel =>
  defineSynapse({
    fast: 'w',
    anchor: 'mu',
    meta: {
      mu: { meaning: 'mean of the weight' },
      sigma: {
        initial: sigma,
        nonNegative: true,
        learned: false,
        meaning: 'deviation of the weight: how uncertain, and so how plastic it is',
      },
    },
    penalty: `(((mu - (${priorMean}))^2 + sigma^2) / (2 * ${priorSigma}^2) - log(sigma)) / ${memory}`,
  });
