import { appendixF, type Row } from './row';

/** Fewer and longer inner steps than the paper's, and fewer nudged ones, each of which goes over thousands of held-out images. */
const cpu = {
  metaSteps: 40,
  lambda: 0.002,
  contrastive: { beta: 3, rate: 0.01, steps: 200, nudgedRate: 0.01, nudgedSteps: 12, metaRate: 0.006 },
  t1t2: { rate: 0.01, steps: 200, metaRate: 0.006 },
};

/** The rows of Table 1 on MNIST, by training and held-out images. */
export const mnistRows = {
  '10/9990': {
    train: 10,
    heldOut: 9990,
    minibatch: 0,
    paper: appendixF({
      contrastive: { beta: 3, inner: 0.003, outer: 0.001, steps: 2000, nudged: 100 },
      t1t2: { inner: 0.0001, outer: 0.03, steps: 2000 },
    }),
    cpu,
    published: {
      contrastive: { heldOut: [96.19, 0.32], test: [91.52, 0.28] },
      t1t2: { heldOut: [89.84, 2.62], test: [87.19, 2.49] },
    },
  },
  '1/9999': {
    train: 1,
    heldOut: 9999,
    minibatch: 0,
    paper: appendixF({
      contrastive: { beta: 3, inner: 0.00865, outer: 0.0031, steps: 1000, nudged: 50 },
      t1t2: { inner: 0.00027, outer: 0.049693, steps: 200 },
    }),
    cpu,
    published: {
      contrastive: { heldOut: [93.5, 0.63], test: [89.49, 0.55] },
      t1t2: { heldOut: [87.77, 0.66], test: [85.89, 0.55] },
    },
  },
  '30000/30000': {
    train: 30_000,
    heldOut: 30_000,
    minibatch: 500,
    paper: appendixF({
      contrastive: { beta: 1, inner: 0.01, outer: 0.001, steps: 2000, nudged: 200 },
      t1t2: { inner: 0.01, outer: 0.0001, steps: 2000 },
    }),
    cpu: {
      ...cpu,
      metaSteps: 5,
      contrastive: { ...cpu.contrastive, beta: 1, metaRate: 0.002 },
      t1t2: { ...cpu.t1t2, metaRate: 0.0002 },
    },
    published: {
      contrastive: { heldOut: [99.75, 0.06], test: [98.04, 0.04] },
      t1t2: { heldOut: [98.64, 0.05], test: [97.57, 0.03] },
    },
  },
} as const satisfies Readonly<Record<string, Row>>;
