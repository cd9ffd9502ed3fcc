import type { Identifier, Node, VariableDeclaration } from 'acorn';
import { childrenOf, type KernelSyntax } from './source';

/** What an expression gives. */
export type Kind = 'number' | 'boolean';

/** One `const` or `let` of a kernel. */
export interface Local {
  readonly declared: 'const' | 'let' | 'var';
  kind: Kind;
  /** Whether the walk has passed its declaration. */
  ready: boolean;
}

/** The names bound by a parameter or a declaration, however it is written. */
export function namesIn(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [(pattern as Identifier).name];
  if (pattern.type === 'MemberExpression') return [];
  if (pattern.type === 'AssignmentPattern') return namesIn((pattern as Node & { left: Node }).left);
  if (pattern.type === 'Property') return namesIn((pattern as Node & { value: Node }).value);
  return childrenOf(pattern).flatMap(namesIn);
}

/** The statements inside a statement that is outside the dialect: a loop's body, the cases of a switch. */
export function statementsInside(node: Node): Node[] {
  if (/^(Function|Class)/.test(node.type)) return [];
  const found =
    node.type === 'TryStatement' || node.type === 'SwitchStatement'
      ? childrenOf(node).flatMap((part) =>
          part.type === 'SwitchCase'
            ? (part.consequent as Node[])
            : part.type === 'CatchClause'
              ? (part.body as Node)
              : part,
        )
      : [(node as Node & { body?: Node }).body];
  return found.filter((part): part is Node => /Statement$|Declaration$/.test(part?.type ?? ''));
}

/** The names that the head of such a statement declares: a loop's counter, a caught error, a function's name. */
export function namesDeclaredBy(node: Node): string[] {
  return childrenOf(node).flatMap((part) => {
    if (part.type === 'VariableDeclaration')
      return (part as unknown as VariableDeclaration).declarations.flatMap(({ id }) => namesIn(id));
    return part.type === 'CatchClause' && part.param ? namesIn(part.param as Node) : [];
  });
}

/** The locals that can be seen from one place in a kernel, innermost block last. */
export class KernelScope {
  private readonly blocks: Map<string, Local>[] = [];

  /**
   * Opens a block: its names exist from its first line, but cannot be used before their declarations.
   * @param ready names that a statement outside the dialect has declared, such as a loop's counter
   */
  enter(statements: readonly Node[], ready: readonly string[] = []): void {
    const block = new Map<string, Local>();
    for (const name of ready) block.set(name, { declared: 'var', kind: 'number', ready: true });
    for (const statement of statements) {
      if (statement.type !== 'VariableDeclaration') continue;
      const { kind, declarations } = statement as VariableDeclaration;
      const declared = kind === 'const' || kind === 'var' ? kind : 'let';
      for (const name of declarations.flatMap(({ id }) => namesIn(id))) {
        block.set(name, { declared, kind: 'number', ready: false });
      }
    }
    this.blocks.push(block);
  }

  leave(): void {
    this.blocks.pop();
  }

  find(name: string): Local | undefined {
    return this.blocks.findLast((block) => block.has(name))?.get(name);
  }

  /** Whether a block around the innermost one has this name too. */
  shadows(name: string): boolean {
    return this.blocks.slice(0, -1).some((block) => block.has(name));
  }

  declare(name: string, kind: Kind): void {
    const local = this.find(name);
    if (local === undefined) return;
    local.kind = kind;
    local.ready = true;
  }
}

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
