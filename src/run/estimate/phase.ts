import { z } from 'zod';
import type { PhaseSettings } from '../../learning/contrastive';
import { adam, heavyBall, nesterov, type Optimizer, sgd } from '../../learning/optimizers';

/** How phi settles, as files have it. */
export const phaseFileSchema = z.strictObject({
  optimizer: z.enum(['sgd', 'adam']).default('sgd'),
  learningRate: z.number().positive(),
  momentum: z.number().min(0).lt(1).default(0),
  nesterov: z.boolean().default(false),
  steps: z.int().min(1),
  tolerance: z.number().min(0).default(0),
});

type PhaseOfFile = z.output<typeof phaseFileSchema>;

/** The same for a learner. */
export function phaseOf(phase: PhaseOfFile): PhaseSettings {
  const { steps, tolerance } = phase;
  return { optimizer: optimizerOf(phase), steps, tolerance };
}

function optimizerOf(phase: PhaseOfFile): Optimizer {
  const { optimizer, learningRate: rate, momentum } = phase;
  if (optimizer === 'adam') return adam({ rate });
  if (momentum === 0) return sgd({ rate });
  return phase.nesterov ? nesterov({ rate, momentum }) : heavyBall({ rate, momentum });
}
