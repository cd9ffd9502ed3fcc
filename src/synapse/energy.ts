import {
  create,
  derivativeDependencies,
  type MathNode,
  parseDependencies,
  simplifyDependencies,
} from 'mathjs';
import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { mathFunctions } from './kernel-dialect';
import { printExpression } from './print-expression';

const math = create({ ...parseDependencies, ...derivativeDependencies, ...simplifyDependencies });

/** What a penalty may call: the functions of the kernel dialect. */
const energyFunctions = ['abs', 'exp', 'log', 'sqrt', 'pow', 'min', 'max', 'tanh', 'sign'] as const;
const operators = ['+', '-', '*', '/', '^'];

/**
 * An expression in a synapse's own variables, with exact partial derivatives.
 *
 * |f| is carried as f times a constant s = sign(f), and min and max through |.|, so that kinks differentiate
 * to their sign (0 at the kink) and mathjs only ever sees smooth terms.
 */
export interface Energy {
  /** The partial derivative by one variable. */
  partial(variable: string): Energy;
  /** Whether it is, in this variable, a polynomial of at most this degree. */
  isPolynomial(variable: string, degree: number): boolean;
  /** The variables that it reads. */
  readonly reads: ReadonlySet<string>;
  /** Kernel source of the expression; `name` says what to write for each variable. */
  print(name: (variable: string) => string): string;
  /** For people, in mathjs notation. */
  toString(): string;
}

/** sign(f) terms, by the symbol that stands for each. */
type Signs = Map<string, MathNode>;

/**
 * Parses a penalty such as `lambda * (phi - omega)^2 / 2`.
 * @throws InputError where it cannot be parsed, or uses an unknown name or function.
 */
export function parseEnergy(penalty: string, variables: readonly string[]): Energy {
  let root: MathNode;
  try {
    root = math.parse(penalty);
  } catch (error) {
    throw new InputError({
      what: `The penalty cannot be read: ${(error as Error).message}`,
      got: penalty,
      legal: `an expression in ${variables.join(', ')}`,
    });
  }
  const signs: Signs = new Map();
  const smooth = smoothed(checked(root, penalty, variables), signs);
  return energyOf(math.simplify(smooth), signs);
}

function energyOf(node: MathNode, signs: Signs): Energy {
  const spelled = (): MathNode => node.transform((part) => unfoldSign(part, signs));
  const reads = new Set<string>();
  spelled().traverse((part, _path, parent) => {
    if (isSymbol(part) && !(isCall(parent) && parent.fn === part)) reads.add(part.name);
  });
  return {
    reads,
    partial: (variable) => energyOf(math.derivative(node, variable), signs),
    isPolynomial(variable, degree) {
      let kink = false;
      node.traverse((part) => {
        const inside = isSymbol(part) ? signs.get(part.name) : undefined;
        if (inside !== undefined)
          inside.traverse((leaf) => (kink ||= isSymbol(leaf) && leaf.name === variable));
      });
      if (kink) return false;
      let derivative = node;
      for (let order = 0; order <= degree; order++) derivative = math.derivative(derivative, variable);
      return derivative.toString() === '0';
    },
    print: (name) => printExpression(spelled(), name),
    toString: () => spelled().toString(),
  };
}

interface SymbolLike extends MathNode {
  name: string;
}
interface CallLike extends MathNode {
  fn: SymbolLike;
  args: MathNode[];
}

function isSymbol(node: MathNode | null): node is SymbolLike {
  return node?.type === 'SymbolNode';
}

function isCall(node: MathNode | null): node is CallLike {
  return node?.type === 'FunctionNode';
}

function checked(root: MathNode, penalty: string, variables: readonly string[]): MathNode {
  root.traverse((node, _path, parent) => {
    const where = `The penalty "${penalty}"`;
    if (isSymbol(node)) {
      const called = isCall(parent) && parent.fn === node;
      const legal: readonly string[] = called ? energyFunctions : variables;
      if (legal.includes(node.name)) return;
      throw new InputError({
        what: `${where} uses an unknown ${called ? 'function' : 'variable'}`,
        got: node.name,
        legal: legal.join(', '),
        advice:
          didYouMean(node.name, legal) ??
          (called ? undefined : `Add it to \`meta\` if it is a slow variable`),
      });
    }
    if (node.type === 'OperatorNode' && operators.includes((node as MathNode & { op: string }).op)) return;
    if (isCall(node)) checkArguments(node, where);
    if (['ConstantNode', 'ParenthesisNode', 'FunctionNode'].includes(node.type)) return;
    throw new InputError({
      what: `${where} has a part that has no derivative here`,
      got: node.toString(),
      legal: `numbers, ${operators.join(' ')}, and ${energyFunctions.join(', ')}`,
    });
  });
  return root;
}

/** One argument a function, two for pow, two or more for min and max. An unknown function is told of by its name. */
function checkArguments({ fn, args }: CallLike, where: string): void {
  const [least, most] = mathFunctions.get(fn.name) ?? [0, Infinity];
  if (args.length >= least && args.length <= most) return;
  throw new InputError({
    what: `${where} gives ${fn.name} the wrong number of arguments`,
    got: args.length,
    legal: most > least ? `${least} or more` : `${least}`,
  });
}

/** Writes |f| as f s, and min and max by |.|, with s a fresh symbol for sign(f). */
function smoothed(root: MathNode, signs: Signs): MathNode {
  const signOf = (inside: MathNode): MathNode => {
    const name = `sign_${signs.size}`;
    signs.set(name, inside);
    return new math.SymbolNode(name);
  };
  const rewrite = (node: MathNode): MathNode => {
    const inner = node.map((child) => rewrite(child));
    if (!isCall(inner)) return inner;
    const [first, ...rest] = inner.args as [MathNode, ...MathNode[]];
    switch (inner.fn.name) {
      case 'sign':
        return signOf(first);
      case 'abs':
        return product(first, signOf(first));
      case 'min':
      case 'max':
        return rest.reduce((a, b) => extremum(a, b, inner.fn.name === 'max' ? 1 : -1), first);
      default:
        return inner;
    }
  };
  const product = (a: MathNode, b: MathNode): MathNode => new math.OperatorNode('*', 'multiply', [a, b]);
  const sum = (a: MathNode, b: MathNode): MathNode => new math.OperatorNode('+', 'add', [a, b]);
  const extremum = (a: MathNode, b: MathNode, direction: 1 | -1): MathNode => {
    const gap = new math.OperatorNode('-', 'subtract', [a, b]);
    const spread = product(new math.ConstantNode(direction / 2), product(gap, signOf(gap)));
    return sum(product(new math.ConstantNode(0.5), sum(a, b)), spread);
  };
  return rewrite(root);
}

function unfoldSign(node: MathNode, signs: Signs): MathNode {
  const inside = isSymbol(node) ? signs.get(node.name) : undefined;
  if (inside === undefined) return node;
  return new math.FunctionNode('sign', [inside.transform((part) => unfoldSign(part, signs))]);
}
