import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { mathFunctions } from '../../kernel/dialect';
import { constantValue } from './constant-value';
import type { Expression, SmoothFunction } from './expression';
import type { ExpressionPool } from './expression-pool';
import type { MathParts } from './mathjs';
import { math } from './mathjs-parts';
import { renameVariables } from './rename-variables';

/** What a penalty may call: the functions of the kernel dialect. */
const legalFunctions = ['abs', 'exp', 'log', 'sqrt', 'pow', 'min', 'max', 'tanh', 'sign'] as const;
const binary: Readonly<Record<string, 'sum' | 'difference' | 'quotient'>> = {
  '+': 'sum',
  '-': 'difference',
  '/': 'quotient',
};

/**
 * Reads a penalty such as `lambda * (phi - omega)^2 / 2` as it is written: nothing is simplified but parts without variables, each of which
 * becomes one number. A name means a variable wherever it is not called, whatever mathjs would take it for.
 * @throws InputError where the text cannot be read, uses an unknown name or function, or has a constant part that is no finite number.
 */
export function parsePenalty(
  penalty: string,
  variables: readonly string[],
  pool: ExpressionPool,
): Expression {
  const where = `The penalty "${penalty}"`;
  const { text, nameOf, original } = renameVariables(penalty);
  let root: MathParts;
  try {
    root = math.parse(text) as MathParts;
  } catch (error) {
    const { message, char } = error as Error & { char?: number };
    const place = char === undefined ? '' : ` at character ${original(char)}`;
    throw new InputError({
      what: `The penalty cannot be read${place}: ${nameOf(message.replace(/ \(char \d+\)/, ''))}`,
      got: penalty,
      legal: `an expression in ${variables.join(', ')}`,
    });
  }

  const unknown = (what: 'function' | 'variable', name: string, legal: readonly string[]): InputError =>
    new InputError({
      what: `${where} uses an unknown ${what}`,
      got: name,
      legal: legal.join(', '),
      advice: didYouMean(name, legal) ?? adviceFor(what, name, variables),
    });

  const variable = (node: MathParts): Expression => {
    const name = nameOf(node.name);
    if (!variables.includes(name)) throw unknown('variable', name, variables);
    return pool.one({ kind: 'variable', name });
  };

  const call = (node: MathParts): Expression => {
    const name = nameOf(node.fn.name);
    if (!legalFunctions.includes(name as (typeof legalFunctions)[number])) {
      throw unknown('function', name, legalFunctions);
    }
    checkArguments(name, node.args.length, where);
    const [first, ...rest] = node.args.map(read) as [Expression, ...Expression[]];
    switch (name) {
      case 'abs':
      case 'sign':
        return pool.one({
          kind: 'absolute-power',
          base: first,
          exponent: name === 'abs' ? 1 : 0,
          signed: name === 'sign',
        });
      case 'pow':
        return pool.one({ kind: 'power', base: first, exponent: rest[0]! });
      case 'min':
      case 'max':
        return rest.reduce((left, right) => pool.one({ kind: 'extremum', name, left, right }), first);
      default:
        return pool.one({ kind: 'call', name: name as SmoothFunction, of: first });
    }
  };

  const operation = ({ op, args }: MathParts): Expression | null => {
    const [left, right] = args.map(read) as [Expression, Expression | undefined];
    if (right === undefined)
      return op === '-' ? pool.one({ kind: 'negation', of: left }) : op === '+' ? left : null;
    if (op === '*') return pool.one({ kind: 'product', left, right, guarded: false });
    if (op === '^') return pool.one({ kind: 'power', base: left, exponent: right });
    const kind = binary[op];
    return kind === undefined ? null : pool.one({ kind, left, right });
  };

  const written = (node: MathParts): Expression | null => {
    switch (node.type) {
      case 'SymbolNode':
        return variable(node);
      case 'ConstantNode':
        return typeof node.value === 'number' ? pool.one({ kind: 'number', value: node.value }) : null;
      case 'ParenthesisNode':
        return read(node.content);
      case 'FunctionNode':
        return node.fn.type === 'SymbolNode' ? call(node) : null;
      case 'OperatorNode':
        return operation(node);
      default:
        return null;
    }
  };

  const read = (node: MathParts): Expression => {
    const expression = written(node);
    if (expression !== null) return folded(expression, node);
    throw new InputError({
      what: `${where} has a part that has no derivative here`,
      got: nameOf(node.toString()),
      legal: `numbers, + - * / ^, and ${legalFunctions.join(', ')}`,
    });
  };

  const folded = (expression: Expression, node: MathParts): Expression => {
    const value = constantValue(expression);
    if (value === undefined) return expression;
    if (Number.isFinite(value)) return pool.one({ kind: 'number', value });
    throw new InputError({
      what: `${where} has a constant part, "${nameOf(node.toString())}", that is no finite number`,
      got: String(value),
    });
  };

  return read(root);
}

function adviceFor(
  what: 'function' | 'variable',
  name: string,
  variables: readonly string[],
): string | undefined {
  if (what === 'function') {
    return variables.includes(name)
      ? `"${name}" is a variable: write a * between it and the bracket`
      : undefined;
  }
  const constants: Readonly<Record<string, number>> = { pi: Math.PI, PI: Math.PI, e: Math.E, E: Math.E };
  if (Object.hasOwn(constants, name)) return `Write the number, ${constants[name]}`;
  return 'Add it to `meta` if it is a slow variable';
}

/** One argument a function, two for pow, two or more for min and max. */
function checkArguments(name: string, given: number, where: string): void {
  const [least, most] = mathFunctions.get(name)!;
  if (given >= least && given <= most) return;
  throw new InputError({
    what: `${where} gives ${name} the wrong number of arguments`,
    got: given,
    legal: most > least ? `${least} or more` : `${least}`,
  });
}
