import type {
  AssignmentExpression,
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  Node,
  UnaryExpression,
  UpdateExpression,
} from 'acorn';
import { Auditor } from './auditor';
import {
  arithmetic,
  bitwise,
  equalities,
  mathConstants,
  mathFunctions,
  refusedExpressions,
  relations,
} from './dialect';
import { dotName, foreign, isThreadX, type Meaning, whyNotCall, whyNotMember, whyOutside } from './reasons';
import type { Given } from './scope';
import { childrenOf } from './source';

const legalOperators = [...arithmetic, ...bitwise, ...relations, ...equalities, '&&', '||'];

/** Walks the expressions of one kernel. */
export abstract class ExpressionAuditor extends Auditor {
  /** Whether a text may stand here, as the name of a type. */
  private namesType = false;

  /** Walks an expression that must give a number. */
  protected numberFrom(node: Node): 'number' {
    if (this.kindOf(node) !== 'number') {
      this.refuse(node, 'is a truth value where a number is needed: write condition ? 1 : 0');
    }
    return 'number';
  }

  protected kindOf(node: Node): Given {
    switch (node.type) {
      case 'Literal':
        return this.literal(node as Literal);
      case 'Identifier':
        return this.name(node as Identifier);
      case 'MemberExpression':
        return this.member(node as MemberExpression);
      case 'CallExpression':
        return this.call(node as CallExpression);
      case 'UnaryExpression':
        return this.unary(node as UnaryExpression);
      case 'BinaryExpression':
        return this.binary(node as BinaryExpression);
      case 'LogicalExpression': {
        const { operator, left, right } = node as LogicalExpression;
        if (operator !== '&&' && operator !== '||') {
          return this.refuseWhole(
            node,
            `uses ${operator}, which is not in the kernel dialect: own quantities always exist`,
          );
        }
        const kinds = [this.kindOf(left), this.kindOf(right)];
        return kinds.every((kind) => kind === 'boolean') ? 'boolean' : 'either';
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as ConditionalExpression;
        this.kindOf(test);
        const kind = this.kindOf(consequent);
        const other = this.kindOf(alternate);
        if (other === kind) return kind;
        if (other !== 'number' && kind !== 'number') return 'either';
        return this.refuse(node, 'gives a number or a truth value, by case: both cases must give a number');
      }
      case 'AssignmentExpression':
      case 'UpdateExpression':
        return this.assignmentInside(node as AssignmentExpression | UpdateExpression);
      case 'TemplateLiteral':
        return this.refuse(
          node,
          foreign(
            'makes a text, into which a whole array can go: a rule holds numbers and truth values only',
          ),
        );
      case 'YieldExpression':
        return this.refuse(node, foreign('hands something on while it runs: a rule returns one number'));
      case 'ThisExpression':
        return this.refuse(
          node,
          foreign('uses `this` whole: its only legal use is the index [this.thread.x]'),
        );
      case 'ImportExpression':
        return this.refuse(node, foreign('imports code: a rule may use its parameters and Math only'));
      default:
        return this.refuseWhole(
          node,
          refusedExpressions.get(node.type) ?? `is not in the kernel dialect (${node.type})`,
        );
    }
  }

  private assignmentInside(node: AssignmentExpression | UpdateExpression): Given {
    const target = node.type === 'UpdateExpression' ? node.argument : node.left;
    const isOwn = target.type === 'Identifier' && this.scope.find((target as Identifier).name) !== undefined;
    const why = 'assigns inside an expression: an assignment must be a statement of its own, to a local';
    return isOwn ? this.refuseWhole(node, why) : this.refuse(node, foreign(why));
  }

  private literal(node: Literal): Given {
    if (typeof node.value === 'boolean') return 'boolean';
    if (typeof node.value === 'string' && !this.namesType) {
      return this.refuse(
        node,
        foreign('is a text, into which a whole array can go: a rule holds numbers and truth values only'),
      );
    }
    if (typeof node.value !== 'number') {
      return this.refuse(node, 'is not in the kernel dialect: a rule holds numbers and truth values only');
    }
    if (/^0\d|_/.test(node.raw ?? ''))
      return this.refuse(node, 'is spelled unusually: write a plain decimal number');
    return 'number';
  }

  private name(node: Identifier): Given {
    if (!this.checkSpelling(node)) return 'number';
    const local = this.scope.find(node.name);
    if (local?.isIndex)
      return this.refuse(node, foreign("uses the synapse's number as a value: it may only be an index"));
    if (local?.ready && local.arity !== undefined)
      return this.refuse(node, `uses the helper ${node.name} as a value: it may only be called`);
    if (local?.ready) return local.kind;
    if (local) return this.refuse(node, 'is used before its declaration');
    if (this.arrays.has(node.name)) {
      const why = `uses the array ${node.name} whole: it may only be read at [this.thread.x]`;
      return this.refuse(node, foreign(why));
    }
    if (this.roles.parameters.includes(node.name) || node.name === 'Infinity') return 'number';
    return this.refuse(node, whyOutside(node.name));
  }

  private meaning(name: string): Meaning {
    if (this.scope.find(name)) return 'local';
    return this.roles.parameters.includes(name) ? 'parameter' : 'outside';
  }

  private member(node: MemberExpression): Given {
    const { text } = this.syntax;
    if (!node.optional && node.object.type === 'Identifier') {
      const object = node.object as Identifier;
      const means = this.meaning(object.name);
      const own = means === 'parameter' && node.computed && this.isOwnIndex(node.property);
      const constant =
        means === 'outside' && object.name === 'Math' && mathConstants.has(dotName(node) ?? '');
      if (own || constant) {
        this.checkSpelling(object);
        if (constant) this.checkSpelling(node.property as Identifier);
        return 'number';
      }
    }
    const reason = whyNotMember(node, text, (name) => this.meaning(name), this.activities);
    this.refuse(node, reason);
    const isRead = node.computed && !this.isOwnIndex(node.property);
    if (isRead && reason.breaks === 'dialect') this.searchAll([node.property]);
    return 'number';
  }

  /** `this.thread.x`, or a `const` that is it. */
  private isOwnIndex(index: Node): boolean {
    if (index.type !== 'Identifier') return isThreadX(index, this.syntax.text);
    const local = this.scope.find((index as Identifier).name);
    return local?.isIndex === true && local.ready && this.checkSpelling(index as Identifier);
  }

  private call(node: CallExpression): Given {
    const { callee, arguments: given, optional } = node;
    if (callee.type === 'Identifier' && this.scope.find((callee as Identifier).name)?.arity !== undefined)
      return this.helperCall(node, callee as Identifier);
    if (callee.type === 'Identifier' && this.meaning((callee as Identifier).name) === 'local') {
      // Whatever a local stands for was walked where it was declared.
      this.refuse(node, 'calls a function of the rule that is no helper: write const name = (x) => ...');
      this.searchAll(given);
      return 'number';
    }
    const mathIsFree = this.meaning('Math') === 'outside';
    const member = callee.type === 'MemberExpression' ? (callee as MemberExpression) : undefined;
    const ofMath = member?.object.type === 'Identifier' && (member.object as Identifier).name === 'Math';
    const range =
      ofMath && mathIsFree && !member.optional ? mathFunctions.get(dotName(member) ?? '') : undefined;
    if (given.some(({ type }) => type === 'SpreadElement')) {
      return this.refuse(node, foreign('spreads an array: read one entry, at [this.thread.x]'));
    }
    if (!range || optional || given.length < range[0] || given.length > range[1]) {
      this.refuse(node, whyNotCall(node, mathIsFree));
      // Those of Math do nothing but reckon, whether the dialect has them or not.
      if (ofMath && mathIsFree) this.searchAll(given);
      return 'number';
    }
    this.checkSpelling(member!.object as Identifier);
    this.checkSpelling(member!.property as Identifier);
    for (const argument of given) this.numberFrom(argument);
    return 'number';
  }

  private helperCall(node: CallExpression, callee: Identifier): Given {
    const { kind, ready, arity } = this.scope.find(callee.name)!;
    const { arguments: given, optional } = node;
    if (!ready || optional || given.some(({ type }) => type === 'SpreadElement') || given.length !== arity) {
      const numbers = arity === 1 ? 'number' : 'numbers';
      this.refuse(
        node,
        ready
          ? `calls ${callee.name} otherwise than with its ${arity} ${numbers}`
          : 'is used before its declaration, or by itself',
      );
      this.searchAll(given);
      return 'number';
    }
    this.checkSpelling(callee);
    for (const argument of given) this.numberFrom(argument);
    return kind;
  }

  /** Whether an expression is the same number whatever the rule is given: of literals, such consts, and counters. */
  protected isConstant(node: Node): boolean {
    if (node.type === 'Identifier') {
      const local = this.scope.find((node as Identifier).name);
      if (local === undefined) return (node as Identifier).name === 'Infinity';
      return local.isConstant === true && local.ready;
    }
    if (node.type === 'MemberExpression') return dotName(node as MemberExpression) !== undefined;
    if (node.type === 'CallExpression') {
      const { callee, arguments: given } = node as CallExpression;
      return callee.type === 'MemberExpression' && given.every((each) => this.isConstant(each));
    }
    return childrenOf(node).every((child) => this.isConstant(child));
  }

  private unary(node: UnaryExpression): Given {
    if (node.operator === '!') {
      this.kindOf(node.argument);
      return 'boolean';
    }
    if (/^[-+~]$/.test(node.operator)) return this.numberFrom(node.argument);
    const why = `uses ${node.operator}, which is not in the kernel dialect: legal are - + ~ !`;
    return this.refuseWhole(node, node.operator === 'delete' ? foreign(why) : why);
  }

  private binary(node: BinaryExpression): Given {
    const { operator, left, right } = node;
    if (arithmetic.has(operator) || bitwise.has(operator) || relations.has(operator)) {
      this.numberFrom(left);
      this.numberFrom(right);
      return relations.has(operator) ? 'boolean' : 'number';
    }
    if (operator === 'in')
      return this.refuse(node, foreign('asks what an array holds: read its entry at [this.thread.x]'));
    if (!equalities.has(operator)) {
      return this.refuseWhole(
        node,
        `uses ${operator}, which is not in the kernel dialect: legal are ${legalOperators.join(' ')}`,
      );
    }
    // typeof x === 'number'
    this.namesType = [left, right].some(
      (part) => part.type === 'UnaryExpression' && (part as UnaryExpression).operator === 'typeof',
    );
    const kinds = [this.kindOf(left), this.kindOf(right)];
    this.namesType = false;
    if (kinds.includes('either')) {
      this.refuse(node, 'compares what && or || gives of numbers: write (a && b ? 1 : 0)');
    } else if (kinds[0] !== kinds[1]) this.refuse(node, 'compares a number with a truth value');
    return 'boolean';
  }
}
