import type { Expression } from './expression';
import type { ExpressionPool } from './expression-pool';
import { mapParts } from './map-parts';

/** Up to this whole exponent a power is written as products: exact for negative bases on every machine, and quicker. */
const mostFactors = 16;

/** The same expression with small whole powers as products of squares, each computed once. */
export function expandPowers(pool: ExpressionPool, expression: Expression): Expression {
  const known = new Map<Expression, Expression>();
  const expand = (part: Expression): Expression => {
    let found = known.get(part);
    if (found === undefined) {
      found = expanded(part);
      known.set(part, found);
    }
    return found;
  };

  const product = (left: Expression, right: Expression): Expression =>
    pool.one({ kind: 'product', left, right, guarded: false });

  const powerOf = (base: Expression, exponent: number): Expression => {
    if (exponent === 1) return base;
    const half = powerOf(base, exponent >> 1);
    const square = product(half, half);
    return exponent % 2 === 0 ? square : product(square, base);
  };

  const expanded = (e: Expression): Expression => {
    switch (e.kind) {
      case 'power': {
        const [base, exponent] = [expand(e.base), expand(e.exponent)];
        const whole = exponent.kind === 'number' && isSmallWhole(exponent.value);
        if (!whole) return pool.one({ kind: 'power', base, exponent });
        const positive = powerOf(base, Math.abs(exponent.value));
        if (exponent.value > 0) return positive;
        return pool.one({ kind: 'quotient', left: pool.one({ kind: 'number', value: 1 }), right: positive });
      }
      case 'absolute-power': {
        const base = expand(e.base);
        const { exponent, signed } = e;
        if (exponent < 2 || !isSmallWhole(exponent)) return pool.one({ ...e, base });
        // |u|^3 and sign(u) u^2: the even ones are no absolute powers.
        const absolute = pool.one({ kind: 'absolute-power', base, exponent: 1, signed: false });
        return (exponent % 2 === 0) === signed
          ? product(powerOf(base, exponent - 1), absolute)
          : powerOf(signed ? base : absolute, exponent);
      }
      default:
        return mapParts(pool, e, expand);
    }
  };
  return expand(expression);
}

function isSmallWhole(exponent: number): boolean {
  return Number.isInteger(exponent) && exponent !== 0 && Math.abs(exponent) <= mostFactors;
}
