import { z } from 'zod';
import { firstOrderMaml, maml } from '../../baselines/maml';
import { reptile } from '../../baselines/reptile';
import { inTheEnd, rate, steps } from './inner-settings';
import { defineMethod } from './method';

const settings = z.strictObject({ rate: rate(0.01), steps: steps(5) }).prefault({});
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

/** Nichol et al. 2018. */
export const reptileMethod = defineMethod({
  ...shared,
  name: 'reptile',
  summary: 'Reptile: where phi starts moves towards where it ended, on training and held-out data together',
  make: (given) => reptile(given),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'way from the start of phi to its end'),
});
