import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { engineConformance } from './engine-conformance';

// Float32 has a rounding of 6e-8 an operation. Sums of some tens of terms and two or three layers on end lose one to two
// digits of that; phases of eight to twenty steps, and Adam's quotient of small moments, one or two more.
const tolerances = { derivatives: 3e-6, hessianVector: 1e-5, settle: 1e-4 };

/** A plan is compiled for each optimiser, phase and network. */
const amount = { oneIn: 4, randomNetworks: 6 };

describe.each(['webasm', 'cpu'] as const)('GPU.js in mode %s:', (mode) => {
  engineConformance(gpujsEngine({ mode }), tolerances, amount);
});
