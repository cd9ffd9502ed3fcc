import type { Figure } from '../../src/plot/figure';
import { type BostonFacts, bostonSummary } from './report';

/** Loss over the meta-steps: what learning lambda gains on held-out data, and costs on training data. */
export function bostonFigure(facts: BostonFacts): Figure {
  const { train, heldOut } = facts.history;
  const { before, medianOfLastHalf } = bostonSummary(facts).heldOut;
  const course = (losses: readonly number[]) => losses.map((y, x) => ({ x, y }));
  return {
    name: 'loss-by-meta-step',
    title: 'Boston housing, learned again after each change of λ',
    caption:
      'The loss at the end of each free phase. Single meta-steps may spike, so that the median over the last half is what to ' +
      'compare with the loss before meta-learning.',
    panels: [
      {
        x: { label: 'meta-step', scale: 'linear' },
        y: { label: 'mean squared error, targets standardised', scale: 'linear' },
        series: [
          { label: 'held-out data', points: course(heldOut) },
          { label: 'training data', points: course(train) },
        ],
        marks: [
          { axis: 'y', at: before, label: 'held-out, before' },
          { axis: 'y', at: medianOfLastHalf, label: 'held-out, median of the last half' },
        ],
      },
    ],
  };
}
