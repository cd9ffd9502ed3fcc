import { InputError } from '../../core/errors';

/** @throws InputError where a file has not one number for each parameter. */
export function checkParameters(
  variable: string,
  values: readonly number[],
  size: number,
  name: string,
): void {
  if (values.length === size) return;
  throw new InputError({
    what: `${variable} in ${name} has the wrong length`,
    got: values.length,
    legal: `${size} numbers${size === 0 ? ', since nothing but phi learns' : ": layer after layer, each layer's weights row-major [outputs][inputs], kernels [outputs][inputs][rows][columns], then its biases; of batch norm its gains, then its thresholds"}`,
  });
}
