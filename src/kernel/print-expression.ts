import type { MathNode } from 'mathjs';
import { InputError } from '../core/errors';
import { mathFunctions } from './dialect';

/** The parts of mathjs nodes that printing reads. */
interface Parts {
  name: string;
  op: string;
  fn: { name: string };
  content: MathNode;
  args: MathNode[];
}

/**
 * Prints a mathjs expression as kernel source. Small whole powers become products, since GPU shading languages
 * leave pow undefined for negative bases; constant parts become
 * one number, since some of those languages divide whole numbers as integers.
 */
export function printExpression(node: MathNode, name: (variable: string) => string): string {
  const print = (part: MathNode): string => {
    if (isConstant(part)) return printNumber(constantValue(part), part);
    const { name: symbol, op, fn, content, args } = part as unknown as Parts;
    switch (part.type) {
      case 'SymbolNode':
        return name(symbol);
      case 'ParenthesisNode':
        return print(content);
      case 'FunctionNode':
        return printCall(fn.name, args.map(print));
      case 'OperatorNode':
        return printOperator(op, args, print);
      default:
        throw new InputError({
          what: 'The penalty has a part that no kernel can compute',
          got: part.toString(),
        });
    }
  };
  return print(node);
}

/** Whether an expression reads no variable, so that it is one number. */
function isConstant(node: MathNode): boolean {
  return node.filter((part, path) => part.type === 'SymbolNode' && path !== 'fn').length === 0;
}

/** What a constant part may call: the functions of the kernel dialect, and sech, from the derivative of tanh. */
const functions = { ...namedMath(), sech: (x: number) => 1 / Math.cosh(x) };

function namedMath(): Record<string, unknown> {
  return Object.fromEntries([...mathFunctions.keys()].map((name) => [name, Math[name as 'abs']]));
}

function constantValue(constant: MathNode): unknown {
  return constant.evaluate({ ...functions });
}

function printNumber(value: unknown, part: MathNode): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InputError({
      what: `The penalty has a constant part, "${part}", that is no finite number`,
      got: String(value),
    });
  }
  return value < 0 ? `(${value})` : String(value);
}

function printCall(name: string, args: string[]): string {
  // The derivative of tanh is sech^2, which is no function of the kernel dialect.
  if (name === 'sech') return `(2 / (Math.exp(${args[0]}) + Math.exp(-(${args[0]}))))`;
  return `Math.${name}(${args.join(', ')})`;
}

function printOperator(op: string, args: MathNode[], print: (node: MathNode) => string): string {
  const [left, right] = args as [MathNode, MathNode | undefined];
  if (right === undefined) return `(${op}${print(left)})`;
  if (op === '^') {
    const power = isConstant(right) ? constantValue(right) : undefined;
    if (power === 2 || power === 3 || power === 4) {
      return `(${Array(power).fill(print(left)).join(' * ')})`;
    }
    return `Math.pow(${print(left)}, ${print(right)})`;
  }
  return `(${args.map(print).join(` ${op} `)})`;
}
