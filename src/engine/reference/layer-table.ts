import { z } from 'zod';
import { aFunction, validate } from '../../core/validate';
import type { Layer } from '../../network/layer';
import { ArithmeticTable } from './arithmetic-table';
import type { LayerArithmetic } from './layer-arithmetic';
import { batchNormArithmetic } from './layers/batch-norm';
import { conv2dArithmetic } from './layers/conv2d';
import { denseArithmetic } from './layers/dense';
import { flattenArithmetic } from './layers/flatten';
import { modulationArithmetic } from './layers/modulation';
import { averagePoolArithmetic, maxPoolArithmetic } from './layers/pool';
import { reluArithmetic } from './layers/relu';
import { tanhArithmetic } from './layers/tanh';

const layers = new ArithmeticTable<LayerArithmetic>('layer', 'registerLayerArithmetic', [
  denseArithmetic as unknown as LayerArithmetic,
  conv2dArithmetic as unknown as LayerArithmetic,
  batchNormArithmetic as unknown as LayerArithmetic,
  maxPoolArithmetic as unknown as LayerArithmetic,
  averagePoolArithmetic as unknown as LayerArithmetic,
  flattenArithmetic as unknown as LayerArithmetic,
  modulationArithmetic as unknown as LayerArithmetic,
  tanhArithmetic as unknown as LayerArithmetic,
  reluArithmetic as unknown as LayerArithmetic,
]);

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
  layers.add(arithmetic as unknown as LayerArithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this kind of layer. */
export function layerArithmetic({ kind }: Layer): LayerArithmetic {
  return layers.of(kind);
}
