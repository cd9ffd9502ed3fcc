import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { imageConformance } from './image-conformance';

const amount = { randomNetworks: Number(process.env.NETWORKS ?? 20) };

// float64, but for sums in another order, over some hundred terms; batch norm divides by a deviation of some tenths, twice a layer.
imageConformance(
  referenceEngine,
  { derivatives: 1e-10, hessianVector: 1e-9, settle: 1e-8, least: 1e-2 },
  { randomNetworks: 1 }, // which is held to itself
);

// float32 has 6e-8, over as many terms.
imageConformance(
  simdEngine({ blas: 'wasm' }),
  { derivatives: 3e-6, hessianVector: 2e-5, settle: 1e-5, least: 1e-1 },
  amount,
);
