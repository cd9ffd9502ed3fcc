import { InputError } from '../../core/errors';
import { formatShape, sizeOf } from '../../core/shape';
import type { Network } from '../../network/network';

/** Up to here single precision has every whole number; kernels find their places by such numbers. */
const mostNumbers = 2 ** 24;

/** @throws InputError naming the layer where a network has more numbers a sample, or parameters, than kernels can find. */
export function checkIndices({ shapes, layers, size, meta }: Network): void {
  shapes.forEach((shape, index) => {
    if (sizeOf(shape) <= mostNumbers) return;
    const behind = index === 0 ? '' : ` behind layer ${index - 1} (${layers[index - 1]!.kind})`;
    tooMany(`numbers a sample${behind}`, formatShape(shape));
  });
  if (size > mostNumbers) tooMany('fast parameters', size);
  if (meta.size > mostNumbers) tooMany('meta-parameters', meta.size);
}

function tooMany(what: string, got: number | string): never {
  throw new InputError({
    what: `The gpujs engine cannot find its way among so many ${what}`,
    got,
    legal: `${mostNumbers} at the most, since single precision has no more whole numbers in a row`,
    advice: 'Take --engine simd, or a smaller network',
  });
}
