import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  Node,
  UnaryExpression,
} from 'acorn';
import { equalities, relations } from './dialect';
import { makeFunction } from './make-function';
import type { Kind } from './scope';

/** An expression that is the same for all synapses, since it reads no quantity. */
export interface Uniform {
  /** JavaScript, in which a scalar is `scalars.name` and an earlier uniform expression has a name of its own. */
  readonly text: string;
  readonly kind: Kind;
  /** Whether it reads no scalar either. */
  readonly constant: boolean;
}

/** What a name stands for: null for a variable of each synapse, undefined where it is no local. */
type LocalNamed = (name: string) => Uniform | null | undefined;

/** The expression as a uniform one, or null where it reads a quantity. */
export function uniformExpression(node: Node, local: LocalNamed): Uniform | null {
  switch (node.type) {
    case 'Literal':
      return constant((node as Literal).value as number | boolean);
    case 'Identifier':
      return name((node as Identifier).name, local);
    case 'MemberExpression': {
      const { object, property } = node as MemberExpression;
      // Nothing else may be called Math.
      const isConstant = (object as Identifier).name === 'Math';
      return isConstant ? constant(Math[(property as Identifier).name as 'PI' | 'E']) : null;
    }
    case 'CallExpression': {
      const { callee, arguments: given } = node as CallExpression;
      const { name: function_ } = (callee as MemberExpression).property as Identifier;
      return join(given, local, 'number', (...values) => `Math.${function_}(${values})`);
    }
    case 'UnaryExpression': {
      const { operator, argument } = node as UnaryExpression;
      return join([argument], local, operator === '!' ? 'boolean' : 'number', (of) => `${operator} ${of}`);
    }
    case 'BinaryExpression': {
      const { operator, left, right } = node as BinaryExpression;
      const kind = relations.has(operator) || equalities.has(operator) ? 'boolean' : 'number';
      return join([left, right], local, kind, (a, b) => `${a} ${operator} ${b}`);
    }
    case 'LogicalExpression': {
      const { operator, left, right } = node as LogicalExpression;
      return join([left, right], local, 'boolean', (a, b) => `!!(${a} ${operator} ${b})`);
    }
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as ConditionalExpression;
      return join([test, consequent, alternate], local, 'of the last', (t, a, b) => `${t} ? ${a} : ${b}`);
    }
    default:
      return null;
  }
}

/** What a constant one is. */
export const worth = (uniform: Uniform): number | boolean => makeFunction([], `return ${uniform.text}`)();

/** A number or a truth value that is known already. */
export function constant(value: number | boolean): Uniform {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return { text: `(${text})`, kind: typeof value as Kind, constant: true };
}

function name(id: string, local: LocalNamed): Uniform | null {
  const found = local(id);
  if (found !== undefined) return found;
  return id === 'Infinity' ? constant(Infinity) : { text: `scalars.${id}`, kind: 'number', constant: false };
}

function join(
  nodes: readonly Node[],
  local: LocalNamed,
  kind: Kind | 'of the last',
  text: (...parts: string[]) => string,
): Uniform | null {
  const parts: Uniform[] = [];
  for (const node of nodes) {
    const part = uniformExpression(node, local);
    if (part === null) return null;
    parts.push(part);
  }
  return {
    text: `(${text(...parts.map((part) => part.text))})`,
    kind: kind === 'of the last' ? parts.at(-1)!.kind : kind,
    constant: parts.every((part) => part.constant),
  };
}
