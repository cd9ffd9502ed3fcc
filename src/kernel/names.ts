import type { Identifier, Node, VariableDeclaration } from 'acorn';
import { childrenOf } from './source';

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

/** Whether a node gives a name another value: an assignment, a count, the head of a loop. */
export function isChanged(node: Node, name: string): boolean {
  const { left, argument } = node as unknown as { left: Node; argument: Node };
  const target =
    node.type === 'AssignmentExpression' || /^For(In|Of)Statement$/.test(node.type)
      ? left
      : node.type === 'UpdateExpression'
        ? argument
        : undefined;
  return target !== undefined && target.type !== 'VariableDeclaration' && namesIn(target).includes(name);
}
