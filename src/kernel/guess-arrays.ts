import type {
  AssignmentExpression,
  CallExpression,
  Identifier,
  MemberExpression,
  Node,
  VariableDeclarator,
} from 'acorn';
import { namesIn } from './names';
import { type AnyNode, childrenOf, type KernelSyntax } from './source';

const plainUse = /^(Binary|Unary|Update|Logical|Conditional)Expression$|^(Return|If|Expression)Statement$/;

/**
 * Guesses which parameters of a rule outside the dialect hold arrays: those that are indexed, that another name
 * which is indexed stands for, or that go anywhere but into arithmetic.
 */
export function guessArrays({ node }: KernelSyntax): { parameters: readonly string[]; arrays: Set<string> } {
  const parameters = node.params.map((pattern) => namesIn(pattern)[0] ?? '');
  const arrays = new Set<string>(node.params.filter(({ type }) => type === 'RestElement').flatMap(namesIn));
  /** For each name, the names whose value it was given. */
  const aliases: [name: string, of: string][] = [];
  const visit = (child: AnyNode, parent: AnyNode): void => {
    if (child.type === 'Identifier') {
      const { name } = child as unknown as Identifier;
      if (name === 'arguments') for (const parameter of parameters) arrays.add(parameter);
      const copied =
        parent.type === 'VariableDeclarator'
          ? (parent as unknown as VariableDeclarator).id
          : parent.type === 'AssignmentExpression'
            ? (parent as unknown as AssignmentExpression).left
            : undefined;
      if (copied?.type === 'Identifier') aliases.push([(copied as Identifier).name, name]);
      else if (isEntry(child, parent) || (copied === undefined && !isNumber(child, parent))) arrays.add(name);
    }
    for (const below of childrenOf(child)) visit(below, child);
  };
  for (const child of childrenOf(node))
    if ((child as Node) !== node.id) visit(child, node as unknown as AnyNode);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, of] of aliases) {
      if (!arrays.has(name) || arrays.has(of)) continue;
      arrays.add(of);
      grew = true;
    }
  }
  return { parameters, arrays };
}

/** Whether something is read from this name, at an index or by a property. */
function isEntry(node: AnyNode, parent: AnyNode): boolean {
  return (
    parent.type === 'MemberExpression' && (parent as unknown as MemberExpression).object === (node as Node)
  );
}

/** Whether this name stands where only a number makes sense. */
function isNumber(node: AnyNode, parent: AnyNode): boolean {
  if (/^Function/.test(parent.type) || plainUse.test(parent.type)) return true;
  if (parent.type === 'MemberExpression') return true;
  if (parent.type !== 'CallExpression') return false;
  const { callee } = parent as unknown as CallExpression;
  const object = callee.type === 'MemberExpression' ? (callee as MemberExpression).object : undefined;
  return callee === (node as Node) || (object as Identifier | undefined)?.name === 'Math';
}
