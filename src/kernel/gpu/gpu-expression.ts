import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Identifier,
  LogicalExpression,
  MemberExpression,
  Node,
  UnaryExpression,
} from 'acorn';
import { MetaplastError } from '../../core/errors';
import { arithmetic, bitwise } from '../dialect';
import type { Kind } from '../scope';
import type { Fixed } from '../uniforms';

/** A part of a lowered kernel's text, and what it gives. */
export interface Printed {
  readonly text: string;
  readonly kind: Kind;
}

/** What the parts of one kernel are called in its lowered text. */
export interface GpuNames {
  /** Expressions that are the same for all synapses. */
  readonly uniforms: ReadonlyMap<Node, Fixed>;
  fixed(of: Fixed): Printed;
  quantity(parameter: string): string;
  local(name: string): Printed;
  /** A call of a function of Math, or of an operator of arithmetic or on bits. */
  call(of: string, given: readonly string[]): string;
}

const number = (text: string): Printed => ({ text, kind: 'number' });
const truth = (text: string): Printed => ({ text, kind: 'boolean' });

/** An audited expression as one that every mode of GPU.js reads as JavaScript does. Everything stands in brackets. */
export function printGpu(node: Node, names: GpuNames): Printed {
  const uniform = names.uniforms.get(node);
  if (uniform !== undefined) return names.fixed(uniform);
  switch (node.type) {
    case 'Identifier':
      return names.local((node as Identifier).name);
    case 'MemberExpression':
      return number(
        `${names.quantity(((node as MemberExpression).object as Identifier).name)}[this.thread.x]`,
      );
    case 'CallExpression':
      return call(node as CallExpression, names);
    case 'UnaryExpression': {
      const { operator, argument } = node as UnaryExpression;
      if (operator === '!') return truth(`(!${printTruth(argument, names)})`);
      const { text } = printGpu(argument, names);
      return number(operator === '-' ? `(-${text})` : text);
    }
    case 'BinaryExpression':
      return binary(node as BinaryExpression, names);
    case 'LogicalExpression': {
      const { operator, left, right } = node as LogicalExpression;
      return truth(`(${printTruth(left, names)} ${operator} ${printTruth(right, names)})`);
    }
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as ConditionalExpression;
      const [chosen, other] = [printGpu(consequent, names), printGpu(alternate, names)];
      const text = `(${printTruth(test, names)} ? ${chosen.text} : ${other.text})`;
      return { text, kind: chosen.kind };
    }
    default:
      throw unknownNode(node);
  }
}

/** A condition: shading languages take no number for one, and of one that is none, 0 < |x| is false, as JavaScript has it. */
export function printTruth(node: Node, names: GpuNames): string {
  const { text, kind } = printGpu(node, names);
  return kind === 'boolean' ? text : `(Math.abs(${text}) > 0)`;
}

export function unknownNode(node: Node): MetaplastError {
  return new MetaplastError({ what: 'This part of a rule cannot be lowered for GPU.js', got: node.type });
}

function call({ callee, arguments: given }: CallExpression, names: GpuNames): Printed {
  const of = ((callee as MemberExpression).property as Identifier).name;
  const [first, ...others] = given.map((argument) => printGpu(argument, names).text);
  if (of !== 'min' && of !== 'max') return number(names.call(of, [first!, ...others]));
  // Of more than two arguments, pair by pair.
  return number(others.reduce((least, other) => names.call(of, [least, other]), first!));
}

function binary({ operator, left, right }: BinaryExpression, names: GpuNames): Printed {
  const [a, b] = [printGpu(left, names), printGpu(right, names)];
  if (operator === '**') return number(names.call('pow', [a.text, b.text]));
  if (arithmetic.has(operator) || bitwise.has(operator))
    return number(names.call(operator, [a.text, b.text]));
  // GPU.js compares no truth values that && and || give.
  const value = ({ text, kind }: Printed): string =>
    kind === 'boolean'
      ? `(${text} ? ${names.fixed({ kind: 'number', value: 1 }).text} : ${names.fixed({ kind: 'number', value: 0 }).text})`
      : text;
  const equal = `(${value(a)} === ${value(b)})`;
  // Some devices call numbers unequal only where neither is NaN.
  if (operator.startsWith('!')) return truth(`(!${equal})`);
  return truth(operator.startsWith('=') ? equal : `(${a.text} ${operator} ${b.text})`);
}
