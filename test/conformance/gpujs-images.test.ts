import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { imageConformance } from './image-conformance';

const tolerances = { derivatives: 3e-6, hessianVector: 1e-5, settle: 1e-5, least: 0.1 };

// As in gpujs.test.ts, the modes share the networks.
describe.each([
  ['webasm', 0],
  ['cpu', 1],
] as const)('GPU.js in mode %s:', (mode, half) => {
  imageConformance(gpujsEngine({ mode }), tolerances, {
    half,
    randomNetworks: Number(process.env.NETWORKS ?? 3),
  });
});
