import { type Expression, type FunctionDeclaration, type Node, parse, type Statement } from 'acorn';
import type { Kernel } from '../../src/kernel/kernel';

/** A number computed in float64, with a bound on how far the same computation in float32 may be from it. */
export interface Bounded {
  readonly value: number;
  readonly error: number;
}

/** Half a unit in the last place of float32: the relative error of one rounding. */
const u = 2 ** -24;

/**
 * How many roundings GPU.js's own exp, log, pow and tanh may be off by. Shading languages promise no less than
 * 3 + 2|x| units for exp, and about as much for the others; WebAssembly's polynomials are well inside that.
 */
const inexact = 8;

const rounded = (value: number, propagated: number, roundings = 1): Bounded => ({
  value,
  error: propagated + roundings * u * (Math.abs(value) + propagated),
});

/** A float64 number on its way into float32. */
export const given = (value: number): Bounded => rounded(value, 0);

const { abs, max, min, sqrt, exp, log } = Math;

const operations: Record<string, (a: Bounded, b: Bounded) => Bounded> = {
  '+': (a, b) => rounded(a.value + b.value, a.error + b.error),
  '-': (a, b) => rounded(a.value - b.value, a.error + b.error),
  '*': (a, b) =>
    rounded(a.value * b.value, abs(a.value) * b.error + abs(b.value) * a.error + a.error * b.error),
  '/': (a, b) => {
    const value = a.value / b.value;
    return rounded(value, (a.error + abs(value) * b.error) / max(0, abs(b.value) - b.error), 3);
  },
};

const functions: Record<string, (...values: Bounded[]) => Bounded> = {
  abs: (a) => ({ value: abs(a!.value), error: a!.error }),
  sign: (a) => ({ value: Math.sign(a!.value), error: abs(a!.value) <= a!.error && a!.error > 0 ? 2 : 0 }),
  max: (...all) => ({
    value: max(...all.map(({ value }) => value)),
    error: max(...all.map(({ error }) => error)),
  }),
  min: (...all) => ({
    value: min(...all.map(({ value }) => value)),
    error: max(...all.map(({ error }) => error)),
  }),
  sqrt: (a) => {
    const least = max(0, a!.value - a!.error);
    return rounded(
      sqrt(a!.value),
      sqrt(a!.value) - sqrt(least) + sqrt(a!.value + a!.error) - sqrt(a!.value),
      2,
    );
  },
  exp: (a) => rounded(exp(a!.value), exp(a!.value) * Math.expm1(a!.error), inexact * (1 + abs(a!.value))),
  log: (a) => {
    const value = log(a!.value);
    return { value, error: a!.error / (a!.value - a!.error) + inexact * u * (1 + abs(value)) };
  },
  tanh: (a) => ({ value: Math.tanh(a!.value), error: a!.error + inexact * u }),
  pow: (a, b) => {
    const [power, size] = [a!.value ** b!.value, abs(log(abs(a!.value)))];
    const propagated = abs(power) * ((abs(b!.value) * a!.error) / abs(a!.value) + size * b!.error);
    return rounded(power, propagated, inexact * (1 + abs(b!.value) * size));
  },
};

/**
 * Runs a kernel of straight-line code on one synapse's numbers, with a running error analysis: each operation
 * adds its rounding to what its operands bring along (Higham, Accuracy and Stability, section 3.3).
 */
export function runWithBound(kernel: Kernel, numbers: Readonly<Record<string, Bounded>>): Bounded {
  return body(kernel)(numbers);
}

type Numbers = Readonly<Record<string, Bounded>>;
const bodies = new Map<string, (numbers: Numbers) => Bounded>();

function body({ source }: Kernel): (numbers: Numbers) => Bounded {
  let found = bodies.get(source);
  if (found === undefined) {
    const named = source.replace(/^function\s*\(/, 'function kernel(');
    const [first] = parse(named, { ecmaVersion: 'latest' }).body;
    const statements = (first as FunctionDeclaration).body.body;
    found = (numbers) => statementsOf(statements, numbers);
    bodies.set(source, found);
  }
  return found;
}

function statementsOf(statements: readonly Statement[], numbers: Numbers): Bounded {
  const locals: Record<string, Bounded> = { ...numbers };
  for (const statement of statements) {
    if (statement.type === 'ReturnStatement') return evaluate(statement.argument!, locals);
    if (statement.type !== 'VariableDeclaration') throw new Error(`No bound for a ${statement.type}`);
    for (const { id, init } of statement.declarations) {
      locals[(id as Node & { name: string }).name] = evaluate(init!, locals);
    }
  }
  throw new Error('No return');
}

function evaluate(node: Expression, numbers: Numbers): Bounded {
  switch (node.type) {
    case 'Literal':
      return given(node.value as number);
    case 'Identifier':
      return numbers[node.name]!;
    case 'MemberExpression':
      return evaluate(node.object as Expression, numbers); // array[this.thread.x]
    case 'UnaryExpression': {
      const { value, error } = evaluate(node.argument, numbers);
      return { value: -value, error };
    }
    case 'BinaryExpression':
      return operations[node.operator]!(
        evaluate(node.left as Expression, numbers),
        evaluate(node.right, numbers),
      );
    case 'CallExpression': {
      const name = (node.callee as unknown as { property: { name: string } }).property.name;
      return functions[name]!(...node.arguments.map((argument) => evaluate(argument as Expression, numbers)));
    }
    case 'ConditionalExpression': {
      const { holds, sure } = decide(node.test, numbers);
      const [taken, other] = [node.consequent, node.alternate].map((branch) => evaluate(branch, numbers));
      const [chosen, spared] = holds ? [taken!, other!] : [other!, taken!];
      // Where rounding may decide otherwise, the other branch is as right.
      return sure ? chosen : { value: chosen.value, error: abs(chosen.value - spared.value) + spared.error };
    }
    default:
      throw new Error(`No bound for a ${node.type}`);
  }
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '===': (a, b) => a === b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};

/** Whether a condition holds, and whether it surely does or does not, whatever was rounded on the way. */
function decide(node: Expression, numbers: Numbers): { readonly holds: boolean; readonly sure: boolean } {
  if (node.type === 'LogicalExpression' && node.operator === '||') {
    const [left, right] = [decide(node.left, numbers), decide(node.right, numbers)];
    return { holds: left.holds || right.holds, sure: left.sure && right.sure };
  }
  if (node.type !== 'BinaryExpression') throw new Error(`No bound for a ${node.type}`);
  const [a, b] = [evaluate(node.left as Expression, numbers), evaluate(node.right, numbers)];
  const apart = abs(a.value - b.value);
  return {
    holds: comparisons[node.operator]!(a.value, b.value),
    sure: apart > a.error + b.error || a.error + b.error === 0,
  };
}
