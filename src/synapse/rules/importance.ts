import { defineRule } from '../rule';

/** squares <- squares + share gradient^2: the mean of squared gradients, image by image, is the diagonal of the Fisher information. */
export const squaredGradientRule = defineRule('squared gradient', {
  squares: function nextSquares(squares: number[], gradient: number[], share: number) {
    return squares[this.thread.x]! + share * gradient[this.thread.x]! * gradient[this.thread.x]!;
  },
});

/**
 * A step of implicit gradient descent, and what the synapse has done for the loss by it (Zenke et al. 2017):
 * path <- path - (gradient of the data alone) (change of value), an integral along the way of learning.
 */
export const pathIntegralRule = defineRule('path integral', {
  path: function nextPath(
    path: number[],
    gradient: number[],
    value: number[],
    omega: number[],
    importance: number[],
    rate: number,
  ) {
    const strength = importance[this.thread.x]!;
    const ofData = gradient[this.thread.x]! - strength * (value[this.thread.x]! - omega[this.thread.x]!);
    return path[this.thread.x]! + (ofData * rate * gradient[this.thread.x]!) / (1 + rate * strength);
  },
  value: function nextValue(value: number[], gradient: number[], importance: number[], rate: number) {
    return (
      value[this.thread.x]! - (rate * gradient[this.thread.x]!) / (1 + rate * importance[this.thread.x]!)
    );
  },
});

/**
 * The end of a task, by elastic weight consolidation (Kirkpatrick et al. 2017, with one anchor as in Huszar 2018):
 * importance <- importance + strength squares, omega <- value, and squares begin anew.
 */
export const consolidateSquaresRule = defineRule('consolidate squares', {
  importance: function nextImportance(importance: number[], squares: number[], strength: number) {
    return importance[this.thread.x]! + strength * squares[this.thread.x]!;
  },
  omega: function nextAnchor(value: number[]) {
    return value[this.thread.x]!;
  },
  squares: function none(squares: number[]) {
    return 0 * squares[this.thread.x]!;
  },
});

/**
 * The end of a task, by synaptic intelligence (Zenke et al. 2017): importance <- importance + strength max(path, 0) / [(value - omega)^2 + damping],
 * with omega the value at the task's beginning; then omega <- value, and the path begins anew.
 */
export const consolidatePathRule = defineRule('consolidate path', {
  importance: function nextImportance(
    importance: number[],
    path: number[],
    value: number[],
    omega: number[],
    strength: number,
    damping: number,
  ) {
    const distance = value[this.thread.x]! - omega[this.thread.x]!;
    const gain = Math.max(path[this.thread.x]!, 0) / (distance * distance + damping);
    return importance[this.thread.x]! + strength * gain;
  },
  omega: function nextAnchor(value: number[]) {
    return value[this.thread.x]!;
  },
  path: function none(path: number[]) {
    return 0 * path[this.thread.x]!;
  },
});

/** omega <- value: what was learned becomes what the synapse is drawn to. */
export const anchorRule = defineRule('anchor', {
  omega: function nextAnchor(value: number[]) {
    return value[this.thread.x]!;
  },
});
