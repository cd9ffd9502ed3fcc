import type {
  ArrowFunctionExpression,
  BlockStatement,
  Identifier,
  Node,
  ReturnStatement,
  VariableDeclaration,
} from 'acorn';
import { ExpressionAuditor } from './expression-auditor';
import { namesIn } from './names';
import { foreign } from './reasons';
import type { Given } from './scope';

/** Walks helpers: local arrow functions of numbers, which hold consts and one return, or an expression. */
export abstract class HelperAuditor extends ExpressionAuditor {
  protected abstract declaration(node: VariableDeclaration): void;

  /** Whether a name may be one of a counter or of a helper's parameter. */
  protected checkLocalName(whole: Node, id: Identifier): void {
    this.checkName(id);
    if (this.roles.parameters.includes(id.name)) {
      this.refuse(whole, `hides the parameter ${id.name}: give the local its own name`);
    } else if (this.scope.find(id.name) !== undefined) {
      this.refuse(whole, `hides the local ${id.name}: give each local its own name`);
    }
  }

  /** Audits a local arrow function, and tells what it gives. */
  protected helper({ async, params, body }: ArrowFunctionExpression, whole: Node): Given {
    if (async) this.refuse(whole, 'is an async function, which gives no number');
    const names = new Set<string>();
    for (const parameter of params) {
      if (parameter.type !== 'Identifier') {
        const why = 'is a default, rest or destructured parameter: write a plain name';
        if (parameter.type === 'AssignmentPattern') this.refuseWhole(parameter, why);
        else this.refuse(parameter, foreign(why));
        for (const name of namesIn(parameter)) names.add(name);
        continue;
      }
      this.checkLocalName(parameter, parameter);
      if (names.has(parameter.name)) this.refuse(parameter, 'names two parameters: give each its own name');
      names.add(parameter.name);
    }
    const statements = body.type === 'BlockStatement' ? (body as BlockStatement).body : [];
    this.scope.enter(statements, [...names], 'parameter');
    const kind = body.type === 'BlockStatement' ? this.helperBody(statements, body) : this.kindOf(body);
    this.scope.leave();
    return kind;
  }

  private helperBody(statements: readonly Node[], body: Node): Given {
    const last = statements.at(-1);
    for (const statement of statements.slice(0, -1)) {
      if (statement.type === 'VariableDeclaration' && (statement as VariableDeclaration).kind === 'const') {
        this.declaration(statement as VariableDeclaration);
      } else {
        this.refuse(
          statement,
          'is more than a helper may hold: consts, then one return; write ?: for a choice',
        );
        this.statement(statement);
      }
    }
    const argument = last?.type === 'ReturnStatement' ? (last as ReturnStatement).argument : undefined;
    if (argument) return this.kindOf(argument);
    if (last) this.statement(last);
    return this.refuse(last ?? body, 'does not end with a return: a helper gives one number');
  }
}
