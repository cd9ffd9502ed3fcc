import type {
  AssignmentExpression,
  ForStatement,
  Identifier,
  Node,
  UpdateExpression,
  VariableDeclaration,
} from 'acorn';
import { assignments } from './dialect';
import { makeFunction } from './make-function';

/** The counter of a loop, and the expressions that say what it counts. */
interface Counter {
  readonly id: Identifier;
  readonly from: Node;
  readonly test: Node;
  /** What it is changed by, beside its name. */
  readonly by: readonly Node[];
}

/** What `for (let k = from; test; k += by)` counts; undefined for a loop that is not of this form. */
export function counterOf({ init, test, update }: ForStatement): Counter | undefined {
  if (init?.type !== 'VariableDeclaration' || test == null || update == null) return undefined;
  const { kind, declarations } = init as VariableDeclaration;
  const [first, ...others] = declarations;
  if (kind !== 'let' || others.length > 0 || first?.id.type !== 'Identifier' || !first.init) return undefined;
  const id = first.id as Identifier;
  const { target, by } = changeOf(update);
  if (target?.type !== 'Identifier' || (target as Identifier).name !== id.name) return undefined;
  return { id, from: first.init, test, by: [target, ...by] };
}

function changeOf(update: Node): { target?: Node; by: readonly Node[] } {
  if (update.type === 'UpdateExpression') return { target: (update as UpdateExpression).argument, by: [] };
  if (update.type !== 'AssignmentExpression') return { by: [] };
  const { left, operator, right } = update as AssignmentExpression;
  return assignments.has(operator) ? { target: left, by: [right] } : { by: [] };
}

/**
 * The values that the counter of an audited loop takes, one for each run of its body.
 * @param text JavaScript of a part of the loop's head, in which the counter is `scalars.name`
 * @param most where to stop, of a loop that goes on
 */
export function countsOf(loop: ForStatement, text: (node: Node) => string, most: number): number[] {
  const { id, from, test } = counterOf(loop)!;
  const worked = (of: string) => {
    const at = makeFunction(['scalars'], `return ${of}`);
    return (value: number): number | boolean => at({ [id.name]: value });
  };
  const goesOn = worked(text(test));
  const next = worked(nextText(loop.update!, id.name, text));
  const values: number[] = [];
  let value = worked(text(from))(0) as number;
  while (values.length < most && goesOn(value)) {
    values.push(value);
    value = next(value) as number;
  }
  return values;
}

function nextText(update: Node, name: string, text: (node: Node) => string): string {
  const { operator } = update as UpdateExpression | AssignmentExpression;
  if (update.type === 'UpdateExpression') return `scalars.${name} ${operator.charAt(0)} 1`;
  const right = text((update as AssignmentExpression).right);
  return operator === '=' ? right : `(scalars.${name} ${operator.slice(0, -1)} ${right})`;
}
