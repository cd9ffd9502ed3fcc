import type { Algebra } from './algebra';
import type { Expression } from './expression';
import { innerDenominator } from './inner-denominator';
import { slopeOfCall, slopesOfPower } from './mathjs';

/**
 * The partial derivative of an expression by one variable. mathjs knows the smooth functions' own derivatives; what is added here is the chain
 * rule at kinks, where the derivative lies between those of the two sides:
 *
 * - |u|^q has the derivative q sign(u) |u|^(q-1), 0 at u = 0, for every q: the slope of the kink, 0 a subgradient of the cusp. sign(u) has 0.
 * - max(a, b) has that of the larger one, and half of each where they are equal.
 * - a/(b/c) at c = 0 has that of a c/b.
 * - f(u) has f'(u) u', which is 0 where either factor is, though the other one be infinite: u does not move, or f is flat.
 *
 * Elsewhere an infinite derivative is infinite.
 */
export function differentiate(algebra: Algebra, expression: Expression, variable: string): Expression {
  const known = new Map<Expression, Expression>();
  const partial = (part: Expression): Expression => {
    let found = known.get(part);
    if (found === undefined) {
      found = derivative(part);
      known.set(part, found);
    }
    return found;
  };

  /** (a/b)' = (a' - (a/b) b')/b: no square of b, which might leave the range of numbers. */
  const ofQuotient = (left: Expression, right: Expression): Expression => {
    const change = algebra.product(algebra.quotient(left, right), partial(right));
    const slope = algebra.quotient(algebra.difference(partial(left), change), right);
    const inner = innerDenominator(algebra, left, right);
    if (inner === undefined) return slope;
    return algebra.select(inner.vanishing, algebra.zero, [slope, slope, partial(inner.quotient)]);
  };

  const derivative = (e: Expression): Expression => {
    switch (e.kind) {
      case 'number':
        return algebra.zero;
      case 'variable':
        return e.name === variable ? algebra.one : algebra.zero;
      case 'sum':
        return algebra.sum(partial(e.left), partial(e.right));
      case 'difference':
        return algebra.difference(partial(e.left), partial(e.right));
      case 'negation':
        return algebra.negation(partial(e.of));
      case 'product':
        return algebra.sum(
          algebra.product(partial(e.left), e.right),
          algebra.product(e.left, partial(e.right)),
        );
      case 'quotient':
        return ofQuotient(e.left, e.right);
      case 'power': {
        const { base, exponent } = e;
        const rewritten = algebra.power(base, exponent);
        if (rewritten !== e) return partial(rewritten);
        if (exponent.kind === 'number' && exponent.value < 0 && Number.isInteger(exponent.value)) {
          return ofQuotient(algebra.one, algebra.power(base, algebra.number(-exponent.value)));
        }
        const [byBase, byExponent] = slopesOfPower(algebra, base, exponent);
        return algebra.sum(
          algebra.product(byBase, partial(base)),
          algebra.product(byExponent, partial(exponent)),
        );
      }
      case 'call': {
        const rewritten = algebra.call(e.name, e.of);
        if (rewritten !== e) return partial(rewritten);
        return algebra.product(slopeOfCall(algebra, e.name, e.of), partial(e.of));
      }
      case 'absolute-power': {
        const { base, exponent, signed } = e;
        const slope = algebra.absolutePower(base, exponent - 1, !signed);
        return algebra.product(algebra.product(algebra.number(exponent), slope), partial(base));
      }
      case 'extremum': {
        const [ofLeft, ofRight] = [partial(e.left), partial(e.right)];
        const half = algebra.product(algebra.number(0.5), algebra.sum(ofLeft, ofRight));
        const [above, below] = e.name === 'max' ? [ofLeft, ofRight] : [ofRight, ofLeft];
        return algebra.select(e.left, e.right, [above, below, half]);
      }
      case 'select':
        return algebra.select(e.left, e.right, [partial(e.above), partial(e.below), partial(e.equal)]);
    }
  };
  return partial(expression);
}
