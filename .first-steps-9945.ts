import { filter } from 'rxjs';
import { adam, boston, complexSynapse, contrastive, isPhaseEnd, mlp, nesterov, RandomStreams, simulate, splitTask, symmetric } from './src';

const simulation = simulate({
  network: mlp([13, 20, 1], { activation: 'tanh', synapse: complexSynapse }),
  task: splitTask(boston(), { name: 'boston', heldOut: 0.3, stream: new RandomStreams(1).stream('split') }),
  rule: contrastive({
    estimator: symmetric(0.1), // three phases: beta = 0, 0.1, -0.1
    free: { optimizer: nesterov({ rate: 0.05 }), steps: 5000 },
    nudged: { optimizer: nesterov({ rate: 0.05 }), steps: 2000 },
  }),
  meta: { optimizer: adam({ rate: 0.05 }), learn: ['lambda'], logarithmic: ['lambda'] },
  initial: { lambda: 0.1 },
  seed: 1,
});
simulation.events$.pipe(filter(isPhaseEnd)).subscribe(({ beta, steps, residual }) => console.log(beta, steps, residual));
simulation.run({ metaSteps: 3 }).then((results) => {
  console.log(results.map(({ loss }) => loss.heldOut)); // falls
  console.log(simulation.synapses[42]); // Synapse { layer: 0, parameter: 'weight', from: 3, to: 3, phi: ..., omega: 0, lambda: ... }
  return simulation.close();
});
