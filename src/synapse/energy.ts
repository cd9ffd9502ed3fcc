import {
  create,
  derivativeDependencies,
  type MathNode,
  parseDependencies,
  simplifyDependencies,
} from 'mathjs';
import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { mathFunctions } from '../kernel/dialect';
import { printExpression } from '../kernel/print-expression';

// `predictable` keeps powers of negative numbers real.
const math = create(
  { ...parseDependencies, ...derivativeDependencies, ...simplifyDependencies },
  { predictable: true },
);

/** What a penalty may call: the functions of the kernel dialect. */
const energyFunctions = ['abs', 'exp', 'log', 'sqrt', 'pow', 'min', 'max', 'tanh', 'sign'] as const;
const operators = ['+', '-', '*', '/', '^'];

/**
 * An expression in a synapse's own variables, with exact partial derivatives.
 *
 * |f| is carried as f times a constant s = sign(f), and the maximum of a and b as a u + b v, where u and v are
 * constants 1 and 0, 0 and 1, or both 1/2 where a = b. So kinks differentiate to their sign (0 at the kink),
 * mathjs only ever sees smooth terms, and the term that does not count costs the other one no digits.
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

/** Terms that are constant but for jumps, such as sign(f), by the symbol that stands for each. */
type Jumps = Map<string, MathNode>;

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
  const jumps: Jumps = new Map();
  const smooth = smoothed(checked(root, penalty, variables), jumps);
  return energyOf(math.simplify(smooth), jumps);
}

function energyOf(node: MathNode, jumps: Jumps): Energy {
  const spelled = (): MathNode => unfolded(node, jumps);
  const reads = new Set<string>();
  spelled().traverse((part, _path, parent) => {
    if (isSymbol(part) && !(isCall(parent) && parent.fn === part)) reads.add(part.name);
  });
  return {
    reads,
    partial: (variable) => energyOf(math.derivative(node, variable), jumps),
    isPolynomial(variable, degree) {
      let kink = false;
      node.traverse((part) => {
        const term = isSymbol(part) ? jumps.get(part.name) : undefined;
        if (term !== undefined)
          unfolded(term, jumps).traverse((leaf) => (kink ||= isSymbol(leaf) && leaf.name === variable));
      });
      if (kink) return false;
      let derivative = node;
      for (let order = 0; order <= degree; order++) derivative = math.derivative(derivative, variable);
      return derivative.toString() === '0';
    },
    print: (name) => printExpression(spelled(), name),
    toString: () => spelled().toString({ parenthesis: 'auto' }),
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
    if (node.type === 'ConstantNode' && typeof (node as MathNode & { value: unknown }).value === 'number')
      return;
    if (['ParenthesisNode', 'FunctionNode'].includes(node.type)) return;
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

/** Writes sign, |.|, min and max by fresh symbols for what jumps in them. */
function smoothed(root: MathNode, jumps: Jumps): MathNode {
  const jump = (term: MathNode): MathNode => {
    const name = `jump_${jumps.size}`;
    jumps.set(name, term);
    return new math.SymbolNode(name);
  };
  const sign = (inside: MathNode): MathNode => new math.FunctionNode('sign', [inside]);
  const rewrite = (node: MathNode): MathNode => {
    const inner = node.map((child) => rewrite(child));
    if (!isCall(inner)) return inner;
    const [first, ...rest] = inner.args as [MathNode, ...MathNode[]];
    switch (inner.fn.name) {
      case 'sign':
        return jump(sign(first));
      case 'abs':
        return product(first, jump(sign(first)));
      case 'min':
      case 'max':
        return rest.reduce((a, b) => extremum(a, b, inner.fn.name === 'max'), first);
      default:
        return inner;
    }
  };
  const product = (a: MathNode, b: MathNode): MathNode => new math.OperatorNode('*', 'multiply', [a, b]);
  const sum = (a: MathNode, b: MathNode): MathNode => new math.OperatorNode('+', 'add', [a, b]);
  const difference = (a: MathNode, b: MathNode): MathNode => new math.OperatorNode('-', 'subtract', [a, b]);
  const half = new math.ConstantNode(0.5);
  const extremum = (a: MathNode, b: MathNode, largest: boolean): MathNode => {
    const ahead = sign(largest ? difference(a, b) : difference(b, a));
    const whole = new math.ConstantNode(1);
    const [ofA, ofB] = [sum(whole, ahead), difference(whole, ahead)].map((twice) =>
      jump(product(half, twice)),
    );
    return sum(product(a, ofA!), product(b, ofB!));
  };
  return rewrite(root);
}

function unfolded(node: MathNode, jumps: Jumps): MathNode {
  return node.transform((part) => {
    const term = isSymbol(part) ? jumps.get(part.name) : undefined;
    return term === undefined ? part : unfolded(term, jumps);
  });
}
