import type { Figure } from '../../src/plot/figure';
import type { QuadraticFacts, Regime } from './facts';
import { figureS3 } from './s3';
import { figureS4 } from './s4';
import { figureS5 } from './s5';
import { figureS6 } from './s6';

/** Figs S3 to S6, each with the lambda at which phases converge and with the small one. */
export function quadraticFigures(facts: QuadraticFacts): Figure[] {
  const { lambda, smallLambda } = facts.settings;
  const regimes: Regime[] = [
    { lambda, converges: true, suffix: '' },
    { lambda: smallLambda, converges: false, suffix: '-small-lambda' },
  ];
  return regimes.flatMap((regime) =>
    [figureS3, figureS4, figureS5, figureS6].map((draw) => draw(facts, regime)),
  );
}
