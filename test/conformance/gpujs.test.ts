import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { engineConformance } from './engine-conformance';

// As of simd: float32 with sums of some tens of terms, and what the rules make of their scalars alone in float64.
const tolerances = { derivatives: 3e-6, hessianVector: 1e-5, settle: 3e-6 };

// A plan is compiled for each optimiser, phase and network, so the modes share the networks.
describe.each([
  ['webasm', 0],
  ['cpu', 1],
] as const)('GPU.js in mode %s:', (mode, half) => {
  engineConformance(gpujsEngine({ mode }), tolerances, { half, randomNetworks: 4 });
});
