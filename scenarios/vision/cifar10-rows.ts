import { appendixF, type Row } from './row';

/** The row of Table 1 on CIFAR-10, by training and held-out images. */
export const cifar10Rows = {
  '50/950': {
    train: 50,
    heldOut: 950,
    minibatch: 0,
    paper: appendixF({
      contrastive: { beta: 3, inner: 0.001, outer: 0.001, steps: 2000, nudged: 20 },
      t1t2: { inner: 0.001, outer: 0.001, steps: 2000 },
    }),
    // A tenth of the steps at ten times the rate are the same time of training.
    cpu: {
      metaSteps: 60,
      lambda: 0.002,
      contrastive: { beta: 3, rate: 0.01, steps: 200, nudgedRate: 0.003, nudgedSteps: 12, metaRate: 0.003 },
      t1t2: { rate: 0.01, steps: 200, metaRate: 0.003 },
    },
    published: {
      contrastive: { heldOut: [99.77, 0.13], test: [31.68, 0.26] },
      t1t2: { heldOut: [62.97, 3.73], test: [28.69, 0.85] },
    },
  },
} as const satisfies Readonly<Record<string, Row>>;
