import type { Expression } from './expression';
import type { ExpressionPool } from './expression-pool';
import { mapParts } from './map-parts';

/** The same function of a variable of another name. */
export function renameVariable(
  pool: ExpressionPool,
  expression: Expression,
  from: string,
  to: string,
): Expression {
  const known = new Map<Expression, Expression>();
  const rename = (part: Expression): Expression => {
    let found = known.get(part);
    if (found === undefined) {
      const isIt = part.kind === 'variable' && part.name === from;
      found = isIt ? pool.one({ kind: 'variable', name: to }) : mapParts(pool, part, rename);
      known.set(part, found);
    }
    return found;
  };
  return rename(expression);
}
