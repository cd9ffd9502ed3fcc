import { z } from 'zod';
import { InputError } from '../../core/errors';
import { aFunction, validate } from '../../core/validate';
import type { Layer } from '../../network/layer';
import type { Loss } from '../../network/loss';
import type { LayerArithmetic } from './layer-arithmetic';
import { batchNormArithmetic } from './layers/batch-norm';
import { conv2dArithmetic } from './layers/conv2d';
import { denseArithmetic } from './layers/dense';
import { flattenArithmetic } from './layers/flatten';
import { modulationArithmetic } from './layers/modulation';
import { averagePoolArithmetic, maxPoolArithmetic } from './layers/pool';
import { reluArithmetic } from './layers/relu';
import { tanhArithmetic } from './layers/tanh';
import type { LossArithmetic } from './loss-arithmetic';
import { crossEntropyArithmetic } from './losses/cross-entropy';
import { mseArithmetic } from './losses/mse';

const layers = new Map<string, LayerArithmetic>();
const losses = new Map<string, LossArithmetic>();

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

const lossArithmeticSchema = z.looseObject({
  kind: z.string().min(1),
  forward: aFunction(),
  gradientTangent: aFunction(),
});

/**
 * Adds the arithmetic of a loss to the reference engine.
 * @throws InputError where a part of it is missing.
 */
export function registerLossArithmetic(arithmetic: LossArithmetic): void {
  validate(lossArithmeticSchema, arithmetic, 'the arithmetic of a loss');
  losses.set(arithmetic.kind, arithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this kind of layer. */
export function layerArithmetic(layer: Layer): LayerArithmetic {
  return layers.get(layer.kind) ?? unknown('layer', layer.kind, [...layers.keys()]);
}

/** @throws InputError where the reference engine has no arithmetic for this loss. */
export function lossArithmetic(loss: Loss): LossArithmetic {
  return losses.get(loss.kind) ?? unknown('loss', loss.kind, [...losses.keys()]);
}

function unknown(what: string, kind: string, legal: string[]): never {
  throw new InputError({
    what: `The reference engine has no arithmetic for this ${what}`,
    got: kind,
    legal: legal.join(', '),
    advice: 'Give it one with registerLayerArithmetic or registerLossArithmetic',
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
registerLossArithmetic(mseArithmetic);
registerLossArithmetic(crossEntropyArithmetic);
