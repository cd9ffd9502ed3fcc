import { z } from 'zod';
import { InputError } from '../../core/errors';
import { aFunction, validate } from '../../core/validate';
import type { Layer } from '../../network/layer';
import type { LayerArithmetic } from './layer-arithmetic';
import { batchNormArithmetic } from './layers/batch-norm';
import { conv2dArithmetic } from './layers/conv2d';
import { denseArithmetic } from './layers/dense';
import { flattenArithmetic } from './layers/flatten';
import { modulationArithmetic } from './layers/modulation';
import { averagePoolArithmetic, maxPoolArithmetic } from './layers/pool';
import { reluArithmetic } from './layers/relu';
import { tanhArithmetic } from './layers/tanh';

const layers = new Map<string, LayerArithmetic>();

const layerArithmeticSchema = z.looseObject({
  kind: z.string().min(1),
  forward: aFunction(),
  backward: aFunction(),
  forwardTangent: aFunction(),
  backwardTangent: aFunction(),
});

/**
 * Adds the arithmetic of a kind of layer to the reference engine. A layer of a user's own calls this once.
 * @throws InputError where a part of it is missing.
 */
export function registerLayerArithmetic<L extends Layer>(arithmetic: LayerArithmetic<L>): void {
  validate(layerArithmeticSchema, arithmetic, 'the arithmetic of a layer');
  layers.set(arithmetic.kind, arithmetic as unknown as LayerArithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this kind of layer. */
export function layerArithmetic(layer: Layer): LayerArithmetic {
  const arithmetic = layers.get(layer.kind);
  if (arithmetic !== undefined) return arithmetic;
  throw new InputError({
    what: 'The reference engine has no arithmetic for this layer',
    got: layer.kind,
    legal: [...layers.keys()].join(', '),
    advice: 'Give it one with registerLayerArithmetic',
  });
}

registerLayerArithmetic(denseArithmetic);
registerLayerArithmetic(conv2dArithmetic);
registerLayerArithmetic(batchNormArithmetic);
registerLayerArithmetic(maxPoolArithmetic);
registerLayerArithmetic(averagePoolArithmetic);
registerLayerArithmetic(flattenArithmetic);
registerLayerArithmetic(modulationArithmetic);
registerLayerArithmetic(tanhArithmetic);
registerLayerArithmetic(reluArithmetic);
