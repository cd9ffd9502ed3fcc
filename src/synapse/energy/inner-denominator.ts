import type { Algebra } from './algebra';
import type { Expression } from './expression';

interface Fraction {
  readonly numerator: Expression;
  readonly denominator: Expression;
}

/** An expression as one fraction, of which neither part is a fraction again. */
function asFraction(algebra: Algebra, e: Expression): Fraction {
  switch (e.kind) {
    case 'negation': {
      const { numerator, denominator } = asFraction(algebra, e.of);
      return { numerator: algebra.negation(numerator), denominator };
    }
    case 'product': {
      const [left, right] = [asFraction(algebra, e.left), asFraction(algebra, e.right)];
      return {
        numerator: algebra.product(left.numerator, right.numerator),
        denominator: algebra.product(left.denominator, right.denominator),
      };
    }
    case 'quotient': {
      const [left, right] = [asFraction(algebra, e.left), asFraction(algebra, e.right)];
      return {
        numerator: algebra.product(left.numerator, right.denominator),
        denominator: algebra.product(left.denominator, right.numerator),
      };
    }
    case 'sum':
    case 'difference': {
      const [left, right] = [asFraction(algebra, e.left), asFraction(algebra, e.right)];
      const [first, second] = [
        algebra.product(left.numerator, right.denominator),
        algebra.product(right.numerator, left.denominator),
      ];
      return {
        numerator: e.kind === 'sum' ? algebra.sum(first, second) : algebra.difference(first, second),
        denominator: algebra.product(left.denominator, right.denominator),
      };
    }
    case 'power': {
      const { base, exponent } = e;
      if (exponent.kind !== 'number' || !Number.isInteger(exponent.value)) break;
      const { numerator, denominator } = asFraction(algebra, base);
      const [above, below] = exponent.value > 0 ? [numerator, denominator] : [denominator, numerator];
      const whole = algebra.number(Math.abs(exponent.value));
      return { numerator: algebra.power(above, whole), denominator: algebra.power(below, whole) };
    }
    default:
  }
  return { numerator: e, denominator: algebra.one };
}

/**
 * What makes a denominator infinite where it is 0, and the quotient without it: of a/(b/c), c and a c/b. Undefined where the denominator
 * holds no fraction. At c = 0 the quotient is 0, and has a slope that its parts do not show.
 */
export function innerDenominator(
  algebra: Algebra,
  numerator: Expression,
  denominator: Expression,
): { readonly vanishing: Expression; readonly quotient: Expression } | undefined {
  const inner = asFraction(algebra, denominator);
  if (inner.denominator.kind === 'number') return undefined;
  const above = algebra.product(numerator, inner.denominator);
  return { vanishing: inner.denominator, quotient: algebra.quotient(above, inner.numerator) };
}
