import { defineKernel } from '../../kernel/kernel';
import { defineRule } from '../rule';

// The rules of the complex synapse, R = lambda (phi - omega)^2 / 2 (Eq. 7), written out: what follows from that energy,
// operation by operation, without mathjs, which takes half a second to load. A test derives them and compares.

/** R of one synapse. */
export const complexEnergy = defineKernel(function energy(lambda: number[], phi: number[], omega: number[]) {
  const part1 = phi[this.thread.x]! - omega[this.thread.x]!;
  return (lambda[this.thread.x]! * (part1 * part1)) / 2;
});

/** gradient <- gradient + lambda (phi - omega). */
export const complexPull = defineRule('pull', {
  gradient: function pull(gradient: number[], lambda: number[], phi: number[], omega: number[]) {
    return gradient[this.thread.x]! + lambda[this.thread.x]! * (phi[this.thread.x]! - omega[this.thread.x]!);
  },
});

/** accumulated <- accumulated - coefficient lambda (nudged - reference): Eq. 4 for omega. */
export const contrastOfOmega = defineRule('contrast of omega', {
  accumulated: function contrast(
    nudged: number[],
    reference: number[],
    lambda: number[],
    accumulated: number[],
    coefficient: number,
  ) {
    const nudgedValue = nudged[this.thread.x]!;
    const referenceValue = reference[this.thread.x]!;
    return (
      accumulated[this.thread.x]! + coefficient * (nudgedValue - referenceValue) * -lambda[this.thread.x]!
    );
  },
});

/**
 * accumulated <- accumulated + coefficient/2 [(nudged - omega)^2 - (reference - omega)^2]: Eq. 4 for lambda, in the form
 * that keeps its digits.
 */
export const contrastOfLambda = defineRule('contrast of lambda', {
  accumulated: function contrast(
    nudged: number[],
    reference: number[],
    omega: number[],
    accumulated: number[],
    coefficient: number,
  ) {
    const nudgedValue = nudged[this.thread.x]!;
    const referenceValue = reference[this.thread.x]!;
    const middle = (nudgedValue + referenceValue) / 2;
    return (
      accumulated[this.thread.x]! +
      coefficient * (nudgedValue - referenceValue) * (middle - omega[this.thread.x]!)
    );
  },
});

/** d2R/dphi2. */
export const complexCurvature = defineKernel(function curvature(lambda: number[]) {
  return lambda[this.thread.x]!;
});

/** d2R/(domega dphi). */
export const crossOfOmega = defineKernel(function cross_omega(lambda: number[]) {
  return -lambda[this.thread.x]!;
});

/** d2R/(dlambda dphi). */
export const crossOfLambda = defineKernel(function cross_lambda(phi: number[], omega: number[]) {
  return phi[this.thread.x]! - omega[this.thread.x]!;
});
