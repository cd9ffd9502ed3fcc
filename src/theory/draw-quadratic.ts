import { wholeNumber } from '../core/checks';
import { type RandomStream, randomStreamSchema } from '../core/random';
import { validate } from '../core/validate';
import { type QuadraticProblem, quadraticProblem } from './quadratic';

/**
 * A problem as the paper draws them (Appendix E, footnote 3): h_i = 1/i, omega normal with standard deviation 2, both
 * minima normal with standard deviation 0.2 around one phi^tau, which is standard normal.
 * @param size N, 50 in the paper.
 * @throws InputError where an argument is not legal.
 */
export function drawQuadratic(stream: RandomStream, lambda: number, size = 50): QuadraticProblem {
  validate(randomStreamSchema, stream, 'the stream');
  const normals = (deviation: number): Float64Array =>
    new Float64Array(size).map(() => deviation * stream.normal());
  wholeNumber('number of synapses', size, 1);
  const centre = normals(1);
  const around = (): Float64Array => normals(0.2).map((value, i) => centre[i]! + value);
  return quadraticProblem({
    curvature: Float64Array.from({ length: size }, (_, i) => 1 / (i + 1)),
    trainMinimum: around(),
    heldOutMinimum: around(),
    omega: normals(2),
    lambda,
  });
}
