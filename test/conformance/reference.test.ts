import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { engineConformance } from './engine-conformance';

// Float64 with sums of some tens of terms, taken in another order than the oracle's: each loses about 1e-15.
// Eight steps let phi drift apart by that much each, and Adam's quotient of two small moments costs two digits more.
engineConformance(
  referenceEngine,
  { derivatives: 1e-13, hessianVector: 1e-12, settle: 1e-12 },
  { randomNetworks: 150 },
);
