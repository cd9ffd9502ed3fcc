/** What to change where a phase has diverged: a negative nudge can lose the minimum, any other cause is the rate. */
export function divergenceAdvice(beta: number, rate: number | undefined): string {
  if (beta < 0) {
    return (
      `A negative nudge is safe only while L_in + beta L_out keeps its minimum: try beta = ${tenth(beta)}, ` +
      'or a forward estimator'
    );
  }
  const lower =
    rate === undefined ? 'a lower learning rate' : `a learning rate of ${tenth(rate)} (it was ${rate})`;
  return `Try ${lower}`;
}

/** A tenth, without the digits that rounding adds. */
const tenth = (value: number): number => Number((value / 10).toPrecision(6));
