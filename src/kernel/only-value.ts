import type { Identifier, Node, Program, VariableDeclarator } from 'acorn';
import { isChanged, namesIn } from './names';
import { type AnyNode, childrenOf } from './source';

const specifier = /^Import(Default|Namespace)?Specifier$/;
const functionLike = /^(ArrowFunctionExpression|Function(Expression|Declaration))$/;

/**
 * What a name stands for wherever it is used in a file: the function, or the initial value, of its only declaration. Undefined where it has
 * none or several, in any scope, or one that a call or a loop gives values to; where it is assigned; or where it is an object that is used more than once,
 * and so may be changed.
 */
export function onlyValue(program: Program, { name }: Identifier): Node | undefined {
  const values: (Node | undefined)[] = [];
  let times = 0;
  const visit = (node: AnyNode): void => {
    if (node.type === 'Identifier' && node.name === name) times++;
    if (node.type === 'VariableDeclarator') {
      const { id, init } = node as unknown as VariableDeclarator;
      if (namesIn(id).includes(name)) values.push(id.type === 'Identifier' && init ? init : undefined);
    }
    if (functionLike.test(node.type)) {
      if ((node.id as Identifier | null)?.name === name) {
        values.push(node.type === 'FunctionDeclaration' ? (node as unknown as Node) : undefined);
      }
      if ((node.params as Node[]).flatMap(namesIn).includes(name)) values.push(undefined);
    }
    const other =
      (/^Class/.test(node.type) && (node.id as Identifier | null)?.name === name) ||
      (node.type === 'CatchClause' && node.param != null && namesIn(node.param as Node).includes(name)) ||
      (specifier.test(node.type) && (node.local as Identifier).name === name) ||
      isChanged(node as unknown as Node, name);
    if (other) values.push(undefined);
    childrenOf(node as unknown as Node).forEach(visit);
  };
  visit(program as unknown as AnyNode);
  const [only] = values;
  if (values.length !== 1 || only === undefined) return undefined;
  return only.type === 'ObjectExpression' && times > 2 ? undefined : only;
}
