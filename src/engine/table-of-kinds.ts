import { InputError } from '../core/errors';

const owns = {
  layer: 'layers of your own can join by registerLayerArithmetic',
  loss: 'layers of your own can join by registerLayerArithmetic',
  credit: 'neurons of your own can join by registerNeuronArithmetic',
};

/**
 * What an engine knows of one sort of thing, to be looked up by its kind.
 * @returns a function that throws InputError where the engine does not know the kind.
 */
export function tableOfKinds<Known extends { readonly kind: string }>(
  engine: string,
  sort: 'layer' | 'loss' | 'credit',
  known: readonly Known[],
): (described: { readonly kind: string }) => Known {
  return ({ kind }) => {
    const found = known.find((entry) => entry.kind === kind);
    if (found !== undefined) return found;
    throw new InputError({
      what: `The ${engine} engine has no kernels for this ${sort}`,
      got: kind,
      legal: known.map((entry) => entry.kind).join(', '),
      advice: `Take --engine reference, which ${owns[sort]}`,
    });
  };
}
