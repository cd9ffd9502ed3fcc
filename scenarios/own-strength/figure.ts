import type { Figure } from '../../src/plot/figure';
import { type StrengthFacts, strengthSummary } from './report';

/** Loss over the meta-steps: what learning the strengths gains on data that nothing has seen, and on the data that it learns from. */
export function strengthFigure(facts: StrengthFacts): Figure {
  const { train, heldOut, test } = facts.history;
  const { oneLambda, ...summary } = strengthSummary(facts);
  const strength = facts.strength === 'lambda' ? 'λ' : facts.strength;
  const judged = summary.test ?? summary.heldOut;
  const name = summary.test === null ? 'held out' : 'test';
  const course = (losses: readonly number[]) => losses.map((y, x) => ({ x, y }));
  const control = oneLambda === null ? null : (oneLambda.test ?? oneLambda.heldOut);
  return {
    name: 'loss-by-meta-step',
    title: `${capital(facts.subject)}, learned again after each change of ${strength}`,
    caption:
      'The loss at the end of each free phase. Held-out data drives the meta-gradient; test data is seen by nothing. Single meta-steps ' +
      'may spike, so that the median over the last half is what to compare with the loss before meta-learning.',
    panels: [
      {
        x: { label: 'meta-step', scale: 'linear' },
        y: {
          label: facts.word === 'mse' ? 'mean squared error, targets standardised' : facts.word,
          scale: 'linear',
        },
        series: [
          ...(test.length === 0 ? [] : [{ label: 'test data', points: course(test) }]),
          { label: 'held-out data', points: course(heldOut) },
          { label: 'training data', points: course(train) },
        ],
        marks: [
          { axis: 'y', at: judged.before, label: `${name}, before` },
          { axis: 'y', at: judged.medianOfLastHalf, label: `${name}, median of the last half` },
          ...(control === null
            ? []
            : [
                {
                  axis: 'y' as const,
                  at: control,
                  label: `${name}, one ${strength} for all: ${oneLambda!.lambda}`,
                },
              ]),
        ],
      },
    ],
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
