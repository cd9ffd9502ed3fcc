import type { Identifier, Node } from 'acorn';

/* Nodes of a syntax tree that no text holds. */
const nowhere = { start: 0, end: 0 };

export const literal = (value: number): Node => ({ type: 'Literal', value, ...nowhere }) as Node;

export const identifier = (name: string): Identifier => ({ type: 'Identifier', name, ...nowhere });

export const binary = (operator: string, left: Node, right: Node): Node =>
  ({ type: 'BinaryExpression', operator, left, right, ...nowhere }) as Node;

export const block = (body: readonly Node[]): Node => ({ type: 'BlockStatement', body, ...nowhere }) as Node;

export const returned = (argument: Node): Node => ({ type: 'ReturnStatement', argument, ...nowhere }) as Node;

export const declaration = (kind: 'const' | 'let', name: string, init: Node): Node => {
  const declarator = { type: 'VariableDeclarator', id: identifier(name), init, ...nowhere };
  return { type: 'VariableDeclaration', kind, declarations: [declarator], ...nowhere } as Node;
};

export const assignment = (left: Identifier, right: Node): Node => {
  const expression = { type: 'AssignmentExpression', operator: '=', left, right, ...nowhere };
  return { type: 'ExpressionStatement', expression, ...nowhere } as Node;
};
