import type { CallExpression, Identifier, MemberExpression, Node } from 'acorn';
import type { Violation } from '../core/errors';
import { type Activities, neuronShownBy } from './activities';
import { mathConstants, mathFunctions } from './dialect';
import { childrenOf } from './source';

const only = 'the only legal index is this.thread.x, or a const that is it';
const legalMath = `legal: ${[...mathFunctions.keys(), ...mathConstants].map((name) => `Math.${name}`).join(' ')}`;
const random = "random numbers are not a synapse's own quantity; pass noise as an array";

/** Why something is refused, and what it breaks. */
export type Reason = Pick<Violation, 'why' | 'breaks'>;
export const foreign = (why: string): Reason => ({ why, breaks: 'locality' });
export const outside = (why: string): Reason => ({ why, breaks: 'dialect' });

/** What a name stands for at the place where it is used. */
export type Meaning = 'parameter' | 'local' | 'outside';

/** Whether a node is `this.thread.x`, spelled with dots and without escapes. */
export function isThreadX(node: Node, text: string): boolean {
  const { object, property } = node as MemberExpression;
  if (!isDotted(node, 'x', text) || !isDotted(object, 'thread', text)) return false;
  return property.type === 'Identifier' && (object as MemberExpression).object.type === 'ThisExpression';
}

function isDotted(node: Node, name: string, text: string): boolean {
  if (node.type !== 'MemberExpression') return false;
  const { property, computed, optional } = node as MemberExpression;
  return !computed && !optional && text.slice(property.start, property.end) === name;
}

/** The property's name where it is written with a dot. */
export function dotName({ computed, property }: MemberExpression): string | undefined {
  return computed || property.type !== 'Identifier' ? undefined : (property as Identifier).name;
}

/** Why a name from outside the rule is illegal. */
export function whyOutside(name: string): Reason {
  if (name === 'Math') return foreign(`uses Math whole: ${legalMath}`);
  if (name === 'arguments') return foreign('uses `arguments`: read each parameter by its own name');
  if (name === 'undefined' || name === 'NaN')
    return outside(`uses ${name}, which is not in the kernel dialect: it is no number`);
  if (name === 'Infinity') return outside('reads an entry of Infinity, which is a number');
  return foreign(`is captured from outside the rule: pass ${name} as a parameter`);
}

function whyNotMath(node: MemberExpression): Reason {
  const name = dotName(node);
  if (name === undefined) return foreign(`reads Math by a computed name: ${legalMath}`);
  if (name === 'random') return foreign(`draws a number: ${random}`);
  if (mathFunctions.has(name)) return outside(`uses Math.${name} as a value: call it`);
  if (typeof Object.getOwnPropertyDescriptor(Math, name)?.value === 'undefined')
    return foreign(`is nothing of JavaScript's own Math: ${legalMath}`);
  return outside(`is not in the kernel dialect: ${legalMath}`);
}

/** Whether an entry or a property of some named thing is read in here. */
function readsData(node: Node): boolean {
  const read = node.type === 'MemberExpression' && (node as MemberExpression).object.type === 'Identifier';
  return read || childrenOf(node).some(readsData);
}

/** Why a read at an index is not a read of the synapse's own entry. */
function whyNotIndex(index: Node, neuron: ReturnType<typeof neuronShownBy>): string {
  const entryOf = (whose: string): string =>
    neuron === undefined ? `${whose} synapse's entry` : `what ${whose} synapse sees of its ${neuron} neuron`;
  if (index.type === 'Literal') return `reads ${entryOf('one fixed')}: ${only}`;
  if (readsData(index))
    return `reads ${neuron === undefined ? 'the entry' : `what the synapse sees of its ${neuron} neuron`} that other data point to, maybe another synapse's: ${only}`;
  if (index.type === 'BinaryExpression') return `reads ${entryOf('another')}: ${only}`;
  return `may read ${entryOf('another')}: ${only}, written so and not by way of something else`;
}

/** Why a member expression is neither `parameter[this.thread.x]` nor a constant of Math. */
export function whyNotMember(
  node: MemberExpression,
  text: string,
  meaning: (name: string) => Meaning,
  activities: Activities,
): Reason {
  let root: Node = node.object;
  while (root.type === 'MemberExpression') root = (root as MemberExpression).object;
  if (root.type === 'ThisExpression') {
    if (isThreadX(node, text))
      return foreign("uses the synapse's number as a value: this.thread.x may only be an index");
    return foreign('reads `this`: its only legal use is the index [this.thread.x], spelled with dots');
  }
  if (node.object.type !== 'Identifier')
    return foreign('reads an entry of something that is no parameter of the rule');
  const { name } = node.object as Identifier;
  const means = meaning(name);
  if (means === 'outside') return name === 'Math' ? whyNotMath(node) : whyOutside(name);
  if (means === 'local')
    return foreign(`reads through ${name}, which is no parameter: an array may not get another name`);
  if (!node.computed)
    return foreign(`reads a property of ${name}: an array may only be read at [this.thread.x]`);
  if (node.optional && isThreadX(node.property, text))
    return outside('uses optional chaining: own quantities always exist, read them at [this.thread.x]');
  return foreign(whyNotIndex(node.property, neuronShownBy(activities, name)));
}

/** Why a call is not a legal call of Math. */
export function whyNotCall({ callee, optional }: CallExpression, mathIsFree: boolean): Reason {
  const object = callee.type === 'MemberExpression' ? (callee as MemberExpression).object : undefined;
  if (object?.type === 'Identifier' && (object as Identifier).name === 'Math' && mathIsFree) {
    const name = dotName(callee as MemberExpression);
    const range = name === undefined ? undefined : mathFunctions.get(name);
    if (range === undefined) return whyNotMath(callee as MemberExpression);
    if (optional) return outside('uses optional chaining: the functions of Math always exist');
    return outside(
      `gives Math.${name} the wrong number of arguments: it takes ${range[0]}${range[1] > range[0] ? ' or more' : ''}`,
    );
  }
  return foreign(
    `calls a function: the only legal calls are those of Math and of helpers, const name = (x) => ... (${legalMath})`,
  );
}
