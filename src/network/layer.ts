import { z } from 'zod';
import type { Shape } from '../core/shape';
import { hasFields, made } from '../core/validate';
import { type Initialiser, initialiserSchema } from './initialiser';

/** Whether a parameter learns inside a task (`fast`: phi) or between tasks (`meta`: theta). */
export type ParameterRole = 'fast' | 'meta';

/** One array of parameters of a layer: a description, it holds no values. */
export interface ParameterSpec {
  readonly name: string;
  /**
   * First axis: the unit or channel that the connection ends on; second: the one that it comes from; where there are more, the last of
   * them, up to three, are its place in a kernel ([depth,] row, column), and any between go with where it comes from.
   */
  readonly shape: Shape;
  readonly role: ParameterRole;
  readonly initialiser: Initialiser;
  /** How many inputs one unit sums over: the scale of the initialisers. */
  readonly fanIn: number;
}

/** Which two fast parameters of a layer are the gain and the threshold of its neurons: one entry of each a neuron. */
export interface NeuronParameters {
  readonly gain: string;
  readonly threshold: string;
}

/**
 * A layer as a description: shapes, parameters, nothing else. Each engine has its own table from `kind` to
 * arithmetic. A new layer is one file with such a description, and one file of arithmetic an engine.
 */
export interface Layer {
  readonly kind: string;
  readonly parameters: readonly ParameterSpec[];
  /** Where the layer has neurons that learn: their parameters, by name. */
  readonly neuronParameters?: NeuronParameters;
  /** Whether a sample's output depends on the other samples of its batch: then no batch may be cut into parts. Default: it does not. */
  readonly couplesSamples?: boolean;
  /**
   * The shape of one sample's output, given the shape of its input.
   * @throws InputError where the layer cannot take such an input.
   */
  outputShape(input: Shape): Shape;
}

const parametersSchema = z.array(
  z.object({
    name: z.string().min(1),
    shape: z.array(z.number()),
    role: z.enum(['fast', 'meta']),
    initialiser: initialiserSchema,
    fanIn: z.number().positive(),
  }),
);

/** Layers, of the library's or of a user's own. */
export const layerSchema = made<Layer>(
  'a layer, such as dense(13, 20) or tanh()',
  (value) =>
    hasFields(value, { kind: 'string', outputShape: 'function' }) &&
    parametersSchema.safeParse((value as Layer).parameters).success,
);
