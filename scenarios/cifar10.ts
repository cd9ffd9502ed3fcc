import { z } from 'zod';
import { lenet5 } from '../models/lenet5';
import { runAsScript } from '../src/cli/run-as-script';
import { readCifar10 } from '../src/data/images/cifar-10';
import { cifar10Rows } from './vision/cifar10-rows';
import { vision } from './vision/vision';

const pair = (least: number) => z.tuple([z.int().min(least), z.int().min(least)]);

export default vision({
  name: 'cifar10',
  question:
    'Do 62,458 synapses that each learn their own lambda let a network tell photographs that it has hardly seen?',
  rows: cifar10Rows,
  row: '50/950',
  settings: {
    channels: pair(1).default([6, 16]).describe('channels behind each of the two convolutions, as a list'),
    units: pair(1).default([120, 84]).describe('units of each of the two hidden dense layers, as a list'),
  },
  smoke: { channels: [2, 3], units: [12, 10] },
  read: readCifar10,
  network: ({ channels, units }, synapse) => lenet5(synapse, { channels, units }),
});
runAsScript(module);
