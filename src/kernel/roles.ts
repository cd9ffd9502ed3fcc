import type { Identifier, Node } from 'acorn';
import { namesIn } from './names';
import { childrenOf, type KernelSyntax } from './source';

/** Which of a kernel's parameters hold one entry a synapse, and which one value for all. */
export interface ParameterRoles {
  readonly parameters: readonly string[];
  /** Parameters read at an index (or at a property, which is refused later). */
  readonly arrays: readonly string[];
  /** The other parameters. */
  readonly scalars: readonly string[];
}

/** Tells a kernel's arrays from its scalars by how its text uses them. */
export function rolesIn({ node }: KernelSyntax): ParameterRoles {
  const parameters = node.params.flatMap(namesIn);
  const indexed = new Set<string>();
  const visit = (child: Node): void => {
    if (child.type === 'MemberExpression') {
      const { object } = child as Node & { object: Node };
      if (object.type === 'Identifier') indexed.add((object as Identifier).name);
    }
    childrenOf(child).forEach(visit);
  };
  visit(node.body);
  return {
    parameters,
    arrays: parameters.filter((name) => indexed.has(name)),
    scalars: parameters.filter((name) => !indexed.has(name)),
  };
}
