import { z } from 'zod';
import { bostonMlp } from '../models/boston-mlp';
import { runAsScript } from '../src/cli/run-as-script';
import { boston } from '../src/data/boston';
import { ownStrength } from './own-strength/experiment';

export default ownStrength({
  name: 'boston',
  question: (strength) =>
    `Do synapses that meta-learn their ${strength} generalise better on Boston housing?`,
  subject: () => 'Boston housing',
  settings: { hidden: z.int().min(1).max(200).default(20).describe('hidden tanh units, 1 to 200') },
  presets: {
    smoke: { metaSteps: 4, exactChecks: 1, oneLambda: [] },
    cpu: {},
    // The paper splits 70 to 30 and has no test data: it compares gradients, and does not ask about generalisation.
    paper: { metaSteps: 100, exactChecks: 10, heldOut: 0.3, test: 0 },
  },
  samples: () => ({ batch: boston(), targets: 'values', notes: [], checksum: null }),
  network: ({ hidden }, _, synapse) => bostonMlp(hidden, synapse),
});
runAsScript(module);
