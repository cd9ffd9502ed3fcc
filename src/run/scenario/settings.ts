import { z } from 'zod';
import { type ErrorReport, InputError } from '../../core/errors';
import { Registry } from '../../core/registry';
import { aFunction, validate } from '../../core/validate';
import {
  type ContrastiveOptions,
  type ContrastiveRule,
  contrastive,
  type PhaseSettings,
} from '../../learning/contrastive';
import { type Estimator, estimatorNamed } from '../../learning/estimators';
import type { MetaSettings } from '../../learning/meta-update';
import { adam, nesterov, type Optimizer, optimizerSchema, sgd } from '../../learning/optimizers';
import { halving, linearDecay, scheduled } from '../../learning/rate-schedule';
import { creditNamed, creditNames } from '../../network/credit/credits';

/** Settings that scenarios share. Each says its unit and legal range in its description. */

interface PhaseDefaults {
  readonly rate: number;
  readonly steps: number;
  readonly tolerance: number;
  /** Default 0.9. */
  readonly momentum?: number;
}

/** How one kind of phase settles: by Nesterov's momentum, or plain gradient descent where that is 0. */
export function phaseSchema({ rate, steps, tolerance, momentum = 0.9 }: PhaseDefaults) {
  return z
    .strictObject({
      rate: z.number().positive().default(rate).describe('learning rate, above 0'),
      momentum: z.number().min(0).lt(1).default(momentum).describe("Nesterov's momentum, 0 to below 1"),
      steps: z.int().min(1).default(steps).describe('step budget, 1 or more'),
      tolerance: z
        .number()
        .min(0)
        .default(tolerance)
        .describe("converged once the gradient's norm is at or below this; 0 takes every step"),
      residualAtEnd: z
        .boolean()
        .default(true)
        .describe(
          'whether the residual at the end is worked out, which takes one more gradient; always, where there is a tolerance',
        ),
    })
    .prefault({});
}

/** The phase that a configuration describes. */
export function phaseFrom(config: z.output<ReturnType<typeof phaseSchema>>): PhaseSettings {
  const { rate, momentum, steps, tolerance, residualAtEnd } = config;
  const optimizer = momentum === 0 ? sgd({ rate }) : nesterov({ rate, momentum });
  return { optimizer, steps, tolerance, residualAtEnd };
}

const creditsInWords = `${creditNames().join(', ')}; with settings behind it if need be, as equilibrium:nudge=0.005:sweeps=80; or what your own files register`;

/** Where the gradients of synapses come from, of scenarios that take any source (`takesCredit`). */
export const creditSetting = creditsOf((text) => [text]).describe(
  `what the gradients of synapses come from: ${creditsInWords}`,
);

/** The same, where several are compared on the same tasks. */
export const creditsSetting = creditsOf((text) => (text === 'all' ? [] : text.split(','))).describe(
  `what the gradients of synapses come from: ${creditsInWords}; several with commas, or all`,
);

function creditsOf(wordsIn: (text: string) => readonly string[]) {
  return z
    .string()
    .superRefine((text, context) => {
      for (const words of wordsIn(text)) {
        const report = refusal(words.trim());
        if (report === null) continue;
        const { what, legal, advice } = report;
        const more = [legal && `legal: ${legal}`, advice?.replace(/\?$/, '')].filter(Boolean);
        context.addIssue([what, ...more].join('; '));
      }
    })
    .default('backprop');
}

/** Why words name no source of credit; null where they do. */
function refusal(words: string): ErrorReport | null {
  try {
    creditNamed(words);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.report;
    throw error;
  }
}

/** The estimator's name and its nudging strength. */
export const estimatorSchema = {
  estimator: z
    .string()
    .regex(/^(forward|symmetric|p\d+)$/, 'there is no such estimator; legal: forward, symmetric, p3, p4, ...')
    .default('forward')
    .describe('forward, symmetric, p3, p4, ...'),
  beta: z.number().default(0.1).describe('nudging strength: weight of replayed held-out data; not 0'),
};

function estimatorFrom({ estimator, beta }: { estimator: string; beta: number }): Estimator {
  return estimatorNamed(estimator, beta);
}

/** The contrastive rule that a configuration describes. */
export function ruleFrom(
  settings: Parameters<typeof estimatorFrom>[0] &
    Record<'free' | 'nudged', Parameters<typeof phaseFrom>[0]> &
    Pick<ContrastiveOptions, 'optimizerState'>,
): ContrastiveRule {
  const [free, nudged] = [phaseFrom(settings.free), phaseFrom(settings.nudged)];
  const { optimizerState } = settings;
  return contrastive({ estimator: estimatorFrom(settings), free, nudged, optimizerState });
}

const metaOptimizers: Readonly<Record<string, (options: { rate: number }) => Optimizer>> = { adam, sgd };

const registered = new Registry<(options: { rate: number }) => Optimizer>('an optimiser', () =>
  Object.keys(metaOptimizers),
);

/**
 * Adds an optimiser of a user's own for slow variables, so that scenarios defined from then on take it by its name:
 * `--set meta.optimizer=NAME`.
 * @param make Makes it for a learning rate.
 * @throws InputError where the name is not legal, or taken.
 */
export function registerMetaOptimizer(name: string, make: (options: { rate: number }) => Optimizer): void {
  validate(aFunction(), make, 'what makes the optimiser');
  registered.add(name, make);
}

/** The optimiser of the slow variables. */
export function metaSchema({ rate }: { rate: number }) {
  return metaShape({ rate }).prefault({});
}

const metaShape = ({ rate }: { rate: number }) =>
  z.strictObject({
    optimizer: z
      .enum(Object.keys(metaOptimizers).concat(registered.names) as [string])
      .default('adam')
      .describe('what moves the slow variables'),
    rate: z.number().positive().default(rate).describe('its learning rate, above 0'),
  });

/** The same, where slow variables learn from a stream of tasks: how the rate goes on, and whether averages are kept. */
export function streamMetaSchema({ rate }: { rate: number }) {
  return metaShape({ rate })
    .extend({
      schedule: z
        .enum(['constant', 'linear', 'halving'])
        .default('constant')
        .describe(
          'how the learning rate goes on: as it is, along a line to 0 after the last meta-step, or halved after every `halveEvery`',
        ),
      halveEvery: z.int().min(1).default(1000).describe('meta-steps between two halvings, 1 or more'),
      averageAfter: z
        .int()
        .min(0)
        .nullable()
        .default(null)
        .describe(
          'meta-steps after which methods are judged by the mean of the slow variables over all meta-steps since (Polyak averages); null: by themselves',
        ),
    })
    .prefault({});
}

/** How slow variables learn over so many meta-steps. */
export function streamMetaFrom(
  { schedule, halveEvery, averageAfter, ...given }: z.output<ReturnType<typeof streamMetaSchema>>,
  metaSteps: number,
): Pick<MetaSettings, 'optimizer' | 'averageAfter'> {
  const plain = metaOptimizerFrom(given);
  const optimizer =
    schedule === 'constant'
      ? plain
      : scheduled(plain, schedule === 'linear' ? linearDecay(metaSteps) : halving(halveEvery));
  return averageAfter === null ? { optimizer } : { optimizer, averageAfter };
}

export function metaOptimizerFrom({ optimizer, rate }: { optimizer: string; rate: number }): Optimizer {
  const make = metaOptimizers[optimizer] ?? registered.get(optimizer)!;
  return validate(optimizerSchema, make({ rate }), `the optimiser "${optimizer}"`);
}

/** @throws InputError where a setting names a synapse that the network does not have. */
export function checkSynapseIndex(setting: string, index: number, size: number): void {
  if (index < size) return;
  throw new InputError({
    what: `${setting} is no synapse of this network`,
    got: index,
    legal: `0 to ${size - 1}`,
  });
}
