import { z } from 'zod';
import { joint } from '../../baselines/joint';
import { nearestNeighbour } from '../../baselines/nearest-neighbour';
import { scratch } from '../../baselines/scratch';
import { inTheEnd, rate } from './inner-settings';
import { defineMethod } from './method';

export const jointMethod = defineMethod({
  name: 'joint',
  summary: 'a joint model: where phi starts is trained on all tasks as if they were one',
  network: 'complex',
  settings: z.strictObject({ rate: rate(0.01) }).prefault({}),
  make: (given) => joint(given),
  plan: (_, stride) => inTheEnd(1, stride, 'gradient on all samples'),
});

export const scratchMethod = defineMethod({
  name: 'scratch',
  summary: 'no learning between tasks: each from the same random weights',
  network: 'complex',
  settings: z.strictObject({ rate: rate(0.03) }).prefault({}),
  make: (given) => scratch(given),
  plan: (_, stride) => inTheEnd(1, stride, 'nothing'),
});

export const nearestMethod = defineMethod({
  name: 'nearest',
  summary:
    'no learning at all: the nearest training sample by its inputs, the floor that a network has to pass',
  network: 'complex',
  settings: z.strictObject({}).prefault({}),
  make: () => nearestNeighbour(),
  plan: (_, stride) => inTheEnd(1, stride, 'nothing'),
});
