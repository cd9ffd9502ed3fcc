import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  Node,
  UnaryExpression,
} from 'acorn';
import type { Violation } from '../core/errors';
import {
  arithmetic,
  equalities,
  mathConstants,
  mathFunctions,
  refusedExpressions,
  relations,
  reservedNames,
} from './dialect';
import { dotName, isThreadX, type Meaning, whyNotCall, whyNotMember, whyOutside } from './reasons';
import { type ParameterRoles, rolesIn } from './roles';
import { KernelScope, type Kind } from './scope';
import type { KernelSyntax } from './source';

const legalOperators = [...arithmetic, ...relations, ...equalities, '&&', '||'];

/**
 * Walks the expressions of one kernel. The world is closed: what no method here expressly allows is a violation,
 * and a violation's inner parts are not reported again.
 */
export class ExpressionAuditor {
  readonly violations: Violation[] = [];
  protected readonly scope = new KernelScope();
  protected readonly roles: ParameterRoles;
  private readonly arrays: ReadonlySet<string>;

  constructor(protected readonly syntax: KernelSyntax) {
    this.roles = rolesIn(syntax);
    this.arrays = new Set(this.roles.arrays);
  }

  protected refuse(node: Node, why: string, end = node.end): 'number' {
    const text = this.syntax.text.slice(node.start, end).replace(/\s+/g, ' ').trim();
    const expression = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    this.violations.push({ expression, line: node.loc!.start.line, why });
    return 'number';
  }

  /** Whether the name may be declared or used: no reserved word of the dialect, written without escapes. */
  protected checkName(id: Identifier): void {
    if (reservedNames.has(id.name)) {
      this.refuse(
        id,
        `declares ${id.name} anew: this would change what ${id.name} means, choose another name`,
      );
    } else this.checkSpelling(id);
  }

  protected checkSpelling(id: Identifier): boolean {
    if (this.syntax.text.slice(id.start, id.end) === id.name) return true;
    this.refuse(id, `spells ${id.name} with an escape: write names as they are`);
    return false;
  }

  /** Walks an expression that must give a number. */
  protected numberFrom(node: Node): 'number' {
    if (this.kindOf(node) === 'boolean') {
      this.refuse(node, 'is a truth value where a number is needed: write condition ? 1 : 0');
    }
    return 'number';
  }

  /** Walks an expression, and tells what it gives. An offending expression counts as a number. */
  protected kindOf(node: Node): Kind {
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
          return this.refuse(
            node,
            `uses ${operator}, which is not in the kernel dialect: own quantities always exist`,
          );
        }
        this.kindOf(left);
        this.kindOf(right);
        return 'boolean';
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as ConditionalExpression;
        this.kindOf(test);
        const kind = this.kindOf(consequent);
        if (this.kindOf(alternate) === kind) return kind;
        return this.refuse(node, 'gives a number or a truth value, by case: both cases must give a number');
      }
      default:
        return this.refuse(
          node,
          refusedExpressions.get(node.type) ?? `is not in the kernel dialect (${node.type})`,
        );
    }
  }

  private literal(node: Literal): Kind {
    if (typeof node.value === 'boolean') return 'boolean';
    if (typeof node.value !== 'number') {
      return this.refuse(node, 'is not in the kernel dialect: a rule holds numbers and truth values only');
    }
    if (/^0\d|_/.test(node.raw ?? ''))
      return this.refuse(node, 'is spelled unusually: write a plain decimal number');
    return 'number';
  }

  private name(node: Identifier): Kind {
    if (!this.checkSpelling(node)) return 'number';
    const local = this.scope.find(node.name);
    if (local?.isIndex)
      return this.refuse(node, "uses the synapse's number as a value: it may only be an index");
    if (local?.ready) return local.kind;
    if (local) return this.refuse(node, 'is used before its declaration');
    if (this.arrays.has(node.name)) {
      return this.refuse(node, `uses the array ${node.name} whole: it may only be read at [this.thread.x]`);
    }
    if (this.roles.parameters.includes(node.name) || node.name === 'Infinity') return 'number';
    return this.refuse(node, whyOutside(node.name));
  }

  private meaning(name: string): Meaning {
    if (this.scope.find(name)) return 'local';
    return this.roles.parameters.includes(name) ? 'parameter' : 'outside';
  }

  private member(node: MemberExpression): Kind {
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
    return this.refuse(
      node,
      whyNotMember(node, text, (name) => this.meaning(name)),
    );
  }

  /** `this.thread.x`, or a `const` that is it. */
  private isOwnIndex(index: Node): boolean {
    if (index.type !== 'Identifier') return isThreadX(index, this.syntax.text);
    const local = this.scope.find((index as Identifier).name);
    return local?.isIndex === true && local.ready && this.checkSpelling(index as Identifier);
  }

  private call(node: CallExpression): Kind {
    const { callee, arguments: given, optional } = node;
    const mathIsFree = this.meaning('Math') === 'outside';
    const member = callee.type === 'MemberExpression' ? (callee as MemberExpression) : undefined;
    const ofMath = member?.object.type === 'Identifier' && (member.object as Identifier).name === 'Math';
    const range =
      ofMath && mathIsFree && !member.optional ? mathFunctions.get(dotName(member) ?? '') : undefined;
    if (given.some(({ type }) => type === 'SpreadElement')) {
      return this.refuse(node, 'spreads an array: read one entry, at [this.thread.x]');
    }
    if (!range || optional || given.length < range[0] || given.length > range[1]) {
      return this.refuse(node, whyNotCall(node, mathIsFree));
    }
    this.checkSpelling(member!.object as Identifier);
    this.checkSpelling(member!.property as Identifier);
    for (const argument of given) this.numberFrom(argument);
    return 'number';
  }

  private unary(node: UnaryExpression): Kind {
    if (node.operator === '!') {
      this.kindOf(node.argument);
      return 'boolean';
    }
    if (node.operator === '-' || node.operator === '+') return this.numberFrom(node.argument);
    return this.refuse(node, `uses ${node.operator}, which is not in the kernel dialect: legal are - + !`);
  }

  private binary(node: BinaryExpression): Kind {
    const { operator, left, right } = node;
    if (arithmetic.has(operator) || relations.has(operator)) {
      this.numberFrom(left);
      this.numberFrom(right);
      return arithmetic.has(operator) ? 'number' : 'boolean';
    }
    if (!equalities.has(operator)) {
      return this.refuse(
        node,
        `uses ${operator}, which is not in the kernel dialect: legal are ${legalOperators.join(' ')}`,
      );
    }
    if (this.kindOf(left) !== this.kindOf(right)) this.refuse(node, 'compares a number with a truth value');
    return 'boolean';
  }
}
