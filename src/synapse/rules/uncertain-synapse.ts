import { defineRule } from '../rule';

/**
 * The first of two weights that are drawn from an uncertain synapse for one minibatch, mu + sigma epsilon and mu - sigma epsilon (an antithetic pair): keeps the gradient
 * that was taken at it, and goes to the other.
 */
export const mirroredSampleRule = defineRule('mirrored sample', {
  first: function kept(gradient: number[]) {
    return gradient[this.thread.x]!;
  },
  epsilon: function mirrored(epsilon: number[]) {
    return -epsilon[this.thread.x]!;
  },
  value: function drawn(mu: number[], sigma: number[], epsilon: number[]) {
    return mu[this.thread.x]! + sigma[this.thread.x]! * epsilon[this.thread.x]!;
  },
});

/**
 * Metaplasticity from synaptic uncertainty (MESU, Bonnet et al. 2025): a synapse is a normal distribution of weights with mean mu and deviation sigma. With the mean of the
 * gradients at the weights that were drawn, g_mu = (first + gradient) / 2, and the mean of gradient times epsilon, g_sigma = (gradient - first) epsilon / 2 (where `epsilon` is
 * that of the second weight, and the first one had -epsilon), for a minibatch that counts as `images` images,
 *
 *     mu    <- mu + images [-sigma^2 g_mu + sigma^2 (priorMean - mu) / (memory priorSigma^2)]
 *     sigma <- sigma + images/2 [-sigma^2 g_sigma + sigma (priorSigma^2 - sigma^2) / (memory priorSigma^2)],
 *
 * both with the sigma from before. No step moves mu by more than sigma, or more than halves or doubles sigma, which so stays above 0. Then a new weight is drawn with
 * `noise`, a standard normal number of the synapse's own.
 */
export const uncertainSynapseRule = defineRule('uncertain synapse', {
  mu: function nextMean(
    mu: number[],
    sigma: number[],
    first: number[],
    gradient: number[],
    images: number,
    memory: number,
    priorMean: number,
    priorSigma: number,
  ) {
    const variance = sigma[this.thread.x]! * sigma[this.thread.x]!;
    const learned = (first[this.thread.x]! + gradient[this.thread.x]!) / 2;
    const towardsPrior = (priorMean - mu[this.thread.x]!) / (memory * priorSigma * priorSigma);
    const change = images * variance * (towardsPrior - learned);
    return mu[this.thread.x]! + Math.min(Math.max(change, -sigma[this.thread.x]!), sigma[this.thread.x]!);
  },
  sigma: function nextDeviation(
    sigma: number[],
    first: number[],
    gradient: number[],
    epsilon: number[],
    images: number,
    memory: number,
    priorSigma: number,
  ) {
    const now = sigma[this.thread.x]!;
    const learned = ((gradient[this.thread.x]! - first[this.thread.x]!) * epsilon[this.thread.x]!) / 2;
    const towardsPrior = (now * (priorSigma * priorSigma - now * now)) / (memory * priorSigma * priorSigma);
    const next = now + (images / 2) * (towardsPrior - now * now * learned);
    return Math.min(Math.max(next, now / 2), 2 * now);
  },
  epsilon: function nextEpsilon(noise: number[]) {
    return noise[this.thread.x]!;
  },
  value: function drawn(mu: number[], sigma: number[], noise: number[]) {
    return mu[this.thread.x]! + sigma[this.thread.x]! * noise[this.thread.x]!;
  },
});
