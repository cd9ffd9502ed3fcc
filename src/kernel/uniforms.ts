import type { AssignmentExpression, CallExpression, Identifier, Node, VariableDeclaration } from 'acorn';
import { makeFunction } from './make-function';
import type { Kind } from './scope';
import { childrenOf } from './source';
import { constant, type Uniform, uniformExpression, worth } from './uniform-expression';

/** Numbers shared by all synapses, by name. */
type ScalarValues = Readonly<Record<string, number>>;

/** Works out the numbers that are the same for all synapses: `into[from]` and what follows it. */
export type UniformNumbers = (scalars: ScalarValues, into: Float64Array, from: number) => void;

/** What stands for a uniform expression in the pass: its value, or its place among the numbers that the pass reads. */
export type Fixed =
  | { readonly kind: Kind; readonly value: number | boolean }
  | { readonly kind: Kind; readonly place: number };

/**
 * The uniform expressions of a pass over the synapses. Each is worked out once a pass, by JavaScript in float64 as its text
 * says, and rounded to float32 once: 1 - 0.999 in float32 is wrong in its fifth digit.
 */
export class Uniforms {
  private readonly texts: string[] = [];

  get count(): number {
    return this.texts.length;
  }

  /** The largest uniform expressions of a kernel, by their nodes. A `const` is one where what it is given is. */
  find(statements: readonly Node[]): ReadonlyMap<Node, Fixed> {
    const found = new Map<Node, Fixed>();
    // No name hides another, so that the one declared last is the one that is meant.
    const locals = new Map<string, Uniform | null>();
    const visit = (node: Node): void => {
      const uniform = uniformExpression(node, (name) => locals.get(name));
      if (uniform !== null) found.set(node, this.fix(uniform));
      else if (node.type === 'VariableDeclaration') declare(node as VariableDeclaration);
      else readsOf(node).forEach(visit);
    };
    const declare = ({ kind, declarations }: VariableDeclaration): void => {
      for (const { id, init } of declarations) {
        visit(init!);
        const fixed = kind === 'const' ? found.get(init!) : undefined;
        locals.set((id as Identifier).name, fixed === undefined ? null : named(fixed));
      }
    };
    statements.forEach(visit);
    return found;
  }

  /** Its numbers, in the order of their places. */
  get numbers(): UniformNumbers {
    const worked = this.texts.map((text, place) => `const ${nameOf(place)} = ${text};`);
    const given = this.texts.map((_, place) => `into[from + ${place}] = +${nameOf(place)};`);
    return makeFunction(['scalars', 'into', 'from'], [...worked, ...given].join('\n'));
  }

  private fix(uniform: Uniform): Fixed {
    const { text, kind } = uniform;
    if (uniform.constant) return { kind, value: worth(uniform) };
    const known = this.texts.indexOf(text);
    return { kind, place: known < 0 ? this.texts.push(text) - 1 : known };
  }
}

/** No name of a kernel is mistaken for one of these, since its scalars are read as properties. */
const nameOf = (place: number): string => `uniform${place}`;

/** What a later expression reads in place of one that is worked out already. */
const named = (fixed: Fixed): Uniform =>
  'value' in fixed ? constant(fixed.value) : { text: nameOf(fixed.place), kind: fixed.kind, constant: false };

/** The parts of a node that are read as expressions, or hold some. */
function readsOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'MemberExpression':
    case 'UpdateExpression':
      return [];
    case 'CallExpression':
      return (node as CallExpression).arguments;
    case 'AssignmentExpression':
      return [(node as AssignmentExpression).right];
    default:
      return childrenOf(node);
  }
}
