import { z } from 'zod';
import { mnistMlp } from '../models/mnist-mlp';
import { runAsScript } from '../src/cli/run-as-script';
import { readMnist } from '../src/data/images/mnist';
import { mnistRows } from './vision/mnist-rows';
import { vision } from './vision/vision';

export default vision({
  name: 'mnist',
  question:
    'Do 466,698 synapses that each learn their own lambda let a network read digits that it has hardly seen?',
  rows: mnistRows,
  row: '10/9990',
  settings: {
    hidden: z
      .array(z.int().min(1).max(10_000))
      .default([256, 256, 256, 256, 256])
      .describe('tanh units of each hidden layer, as a list'),
  },
  smoke: { hidden: [12] },
  read: readMnist,
  network: ({ hidden }, synapse) => mnistMlp(synapse, hidden),
});
runAsScript(module);
