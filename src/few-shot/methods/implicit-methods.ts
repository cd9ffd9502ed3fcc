import { z } from 'zod';
import { exactImplicit } from '../../baselines/exact-implicit';
import { imaml, t1t2 } from '../../baselines/imaml';
import { sgd } from '../../learning/optimizers';
import { inTheEnd, rate, steps } from './inner-settings';
import { defineMethod } from './method';

const settling = { rate: rate(0.01), steps: steps(50) };

/** Rajeswaran et al. 2019. */
export const imamlMethod = defineMethod({
  name: 'imaml',
  summary: 'iMAML: the implicit gradient, by conjugate gradient on Hessian-vector products',
  network: 'complex',
  settings: z
    .strictObject({
      ...settling,
      cgSteps: z.int().min(1).default(5).describe('steps of conjugate gradient, 1 or more'),
    })
    .prefault({}),
  make: ({ rate, steps, cgSteps }) => imaml({ optimizer: sgd({ rate }), steps, cgSteps }),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'implicit gradient by conjugate gradient'),
});

/** Luketina et al. 2016. */
export const t1t2Method = defineMethod({
  name: 't1t2',
  summary: 'T1T2: the implicit gradient, with the identity in place of the inverse Hessian',
  network: 'complex',
  settings: z.strictObject(settling).prefault({}),
  make: ({ rate, steps }) => t1t2({ optimizer: sgd({ rate }), steps }),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'held-out gradient'),
});

export const implicitMethod = defineMethod({
  name: 'implicit',
  summary: 'the exact implicit gradient, with the full Hessian; small networks only',
  network: 'complex',
  settings: z.strictObject({ ...settling, steps: steps(1000) }).prefault({}),
  make: ({ rate, steps }) => exactImplicit({ optimizer: sgd({ rate }), steps }),
  plan: (given, stride) => inTheEnd(given.steps, stride, 'implicit gradient with the full Hessian'),
});
