import type { Expression } from './expression';
import type { ExpressionPool } from './expression-pool';

/** The same expression with other parts, each made of the part that stands there. */
export function mapParts<E extends Expression>(
  pool: ExpressionPool,
  e: E,
  map: (part: Expression) => Expression,
): E {
  const fields = Object.entries(e).map(([key, field]) => [
    key,
    typeof field === 'object' ? map(field) : field,
  ]);
  return pool.one(Object.fromEntries(fields) as E);
}
