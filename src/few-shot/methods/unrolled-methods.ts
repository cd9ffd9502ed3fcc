import { z } from 'zod';
import { anil } from '../../baselines/anil';
import { firstOrderMaml, maml } from '../../baselines/maml';
import { reptile } from '../../baselines/reptile';
import { adam } from '../../learning/optimizers';
import { inTheEnd, rate, steps } from './inner-settings';
import { defineMethod } from './method';

const descent = { rate: rate(0.01), steps: steps(5) };
const settings = z.strictObject(descent).prefault({});
const shared = { network: 'complex', settings } as const;

/** Finn et al. 2017. */
export const mamlMethod = defineMethod({
  ...shared,
  name: 'maml',
  summary: 'MAML: the exact gradient through the inner steps, by Hessian-vector products',
  make: (given) => maml(given),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'meta-gradient through the inner steps'),
});

export const firstOrderMamlMethod = defineMethod({
  ...shared,
  name: 'fomaml',
  summary: 'first-order MAML: the held-out gradient after the inner steps',
  make: (given) => firstOrderMaml(given),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'held-out gradient'),
});

/** Raghu et al. 2020. */
export const anilMethod = defineMethod({
  ...shared,
  name: 'anil',
  summary: 'ANIL: MAML whose inner steps move the last layers alone, in learning and when it is judged',
  settings: z
    .strictObject({
      ...descent,
      headLayers: z
        .int()
        .min(1)
        .default(1)
        .describe('how many layers these are, of those that have parameters'),
    })
    .prefault({}),
  make: (given, { network }) => anil({ ...given, network }),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'meta-gradient through the inner steps'),
});

/** Nichol et al. 2018. */
export const reptileMethod = defineMethod({
  ...shared,
  name: 'reptile',
  summary: 'Reptile: where phi starts moves towards where it ended, on training and held-out data together',
  settings: z
    .strictObject({
      ...descent,
      optimizer: z
        .enum(['sgd', 'adam'])
        .default('sgd')
        .describe('sgd, or adam with beta1 = 0, as published for characters'),
      batch: z
        .int()
        .min(1)
        .nullable()
        .default(null)
        .describe('samples of an inner step, 1 or more; null: all of them'),
      gradient: z
        .enum(['mean', 'whole'])
        .default('mean')
        .describe(
          'mean: the mean gradient on the way; whole: the way itself, of which a meta-step goes the part meta.rate',
        ),
    })
    .prefault({}),
  make: ({ rate, optimizer, batch, ...given }) =>
    reptile({
      ...given,
      ...(optimizer === 'adam' ? { optimizer: adam({ rate, beta1: 0 }) } : { rate }),
      ...(batch === null ? {} : { batch }),
    }),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'way from the start of phi to its end'),
});
