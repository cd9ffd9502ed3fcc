import type { Expression } from './expression';

const judged = new WeakMap<Expression, boolean>();

/**
 * Whether an expression may be infinite, or no number, at finite values of its variables. Overflow of sums, products and whole powers
 * does not count: there the energy leaves the range of numbers too.
 */
export function mayBeInfinite(expression: Expression): boolean {
  let answer = judged.get(expression);
  if (answer === undefined) {
    answer = judge(expression);
    judged.set(expression, answer);
  }
  return answer;
}

function judge(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'variable':
      return false;
    case 'negation':
      return mayBeInfinite(expression.of);
    case 'sum':
    case 'difference':
    case 'product':
    case 'extremum':
      return mayBeInfinite(expression.left) || mayBeInfinite(expression.right);
    case 'quotient':
      return (
        !(expression.right.kind === 'number' && expression.right.value !== 0) ||
        mayBeInfinite(expression.left)
      );
    case 'power': {
      const { base, exponent } = expression;
      const whole = exponent.kind === 'number' && Number.isInteger(exponent.value) && exponent.value >= 0;
      return !whole || mayBeInfinite(base);
    }
    case 'call':
      // Bounded functions stay finite, and are a number wherever their argument is one.
      return !((expression.name === 'tanh' || expression.name === 'sech') && !mayBeInfinite(expression.of));
    case 'absolute-power':
      return expression.exponent < 0 || mayBeInfinite(expression.base);
    case 'select':
      return [expression.above, expression.below, expression.equal].some(mayBeInfinite);
  }
}
