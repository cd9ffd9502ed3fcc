import { z } from 'zod';
import { InputError } from '../core/errors';
import { float64ArraySchema, isBuiltIn, made, validate } from '../core/validate';
import { type SynapseModel, synapseModelSchema } from '../synapse/model';
import { executorSchema, type Quantities, type RuleExecutor } from '../synapse/rule-executor';
import { gradientContrastRule } from '../synapse/rules/gradient-contrast';
import { type ContrastTerm, contrastTermSchema } from './estimators';

/** phi at the end of each phase, by nudging strength; 0 is the free phase. */
export type Equilibria = ReadonlyMap<number, Float64Array>;

const contrastArguments = z.strictObject({
  model: synapseModelSchema,
  terms: z.array(contrastTermSchema),
  equilibria: made<Equilibria>('a Map from nudging strengths to phi', (value) => isBuiltIn('Map', value)),
  slow: z.record(z.string(), float64ArraySchema),
  executor: executorSchema,
});

/**
 * The contrastive estimate of the meta-gradient (Eq. 4), one entry a synapse for each slow variable, from that
 * synapse's own phi at the ends of the phases and its own slow variables, and nothing else.
 * @throws InputError where a phase that the estimator contrasts has not been run, or an argument is not legal.
 */
export function contrast(
  model: SynapseModel,
  terms: readonly ContrastTerm[],
  equilibria: Equilibria,
  slow: Quantities,
  executor: RuleExecutor,
): Record<string, Float64Array> {
  validate(contrastArguments, { model, terms, equilibria, slow, executor }, 'the arguments of contrast');
  const gradient: Record<string, Float64Array> = {};
  for (const variable of model.meta) {
    const values = slow[variable];
    if (values === undefined) {
      throw new InputError({ what: `The slow variable "${variable}" is missing`, got: Object.keys(slow) });
    }
    const accumulated = new Float64Array(values.length);
    for (const { nudged, reference, coefficient } of terms) {
      executor.run(
        model.contrast[variable]!,
        { ...slow, nudged: endOf(equilibria, nudged), reference: endOf(equilibria, reference), accumulated },
        { coefficient },
      );
    }
    gradient[variable] = accumulated;
  }
  return gradient;
}

/**
 * The contrastive estimate for weights on which the loss itself depends: the contrast of their own gradients of the
 * augmented loss, dL/dtheta + beta dL_out/dtheta, at the ends of the phases.
 * @throws InputError where a phase that the estimator contrasts has not been run.
 */
export function contrastGradients(
  terms: readonly ContrastTerm[],
  gradients: Equilibria,
  executor: RuleExecutor,
): Float64Array {
  const accumulated = new Float64Array(endOf(gradients, 0).length);
  for (const { nudged, reference, coefficient } of terms) {
    const nudgedGradient = endOf(gradients, nudged);
    const referenceGradient = endOf(gradients, reference);
    executor.run(gradientContrastRule, { accumulated, nudgedGradient, referenceGradient }, { coefficient });
  }
  return accumulated;
}

function endOf(equilibria: Equilibria, beta: number): Float64Array {
  const phi = equilibria.get(beta);
  if (phi !== undefined) return phi;
  throw new InputError({
    what: `The phase with beta = ${beta} has not been run, so there is nothing to contrast`,
    legal: [...equilibria.keys()].join(', '),
  });
}
