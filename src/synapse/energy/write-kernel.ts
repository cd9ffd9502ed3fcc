import { expandPowers } from './expand-powers';
import { type Expression, partsOf } from './expression';
import type { ExpressionPool } from './expression-pool';

interface WriteOptions {
  readonly pool: ExpressionPool;
  /** How each variable is written. */
  readonly spell: (variable: string) => string;
  /** Names that no local may take. */
  readonly taken: readonly string[];
}

/** Expressions as kernel source: locals for what is used more than once, and the expressions themselves. */
export interface WrittenExpressions {
  /** `const part1 = ...;`, in order. */
  readonly locals: readonly string[];
  readonly texts: readonly string[];
}

/** Writes expressions for a kernel, in which each part that several places use is computed once. */
export function writeExpressions(
  expressions: readonly Expression[],
  { pool, spell, taken }: WriteOptions,
): WrittenExpressions {
  const roots = expressions.map((expression) => expandPowers(pool, expression));
  const uses = countUses(roots);
  const locals: string[] = [];
  const named = new Map<Expression, string>();
  const text = (e: Expression): string => {
    const name = named.get(e);
    if (name !== undefined) return name;
    const written = writeOne(e, text, spell);
    if (partsOf(e).length === 0 || uses.get(e)! < 2) return written;
    const local = freshName(taken, named.size + 1);
    named.set(e, local);
    locals.push(`const ${local} = ${written};`);
    return local;
  };
  return { texts: roots.map(text), locals };
}

/** How often each expression stands in the text. */
function countUses(roots: readonly Expression[]): ReadonlyMap<Expression, number> {
  const uses = new Map<Expression, number>();
  const visit = (e: Expression): void => {
    const before = uses.get(e) ?? 0;
    uses.set(e, before + 1);
    if (before > 0) return;
    for (const part of writtenParts(e)) visit(part);
  };
  roots.forEach(visit);
  return uses;
}

/** The parts of an expression, each as often as its text names it. */
function writtenParts(e: Expression): readonly Expression[] {
  const parts = partsOf(e);
  if (e.kind === 'product' && e.guarded) return [...parts, ...parts];
  if (e.kind === 'select') return [...parts, e.left, e.right];
  if (e.kind === 'call' && e.name === 'sech') return [e.of, e.of];
  return e.kind === 'absolute-power' && e.signed && e.exponent !== 0 ? [e.base, e.base] : parts;
}

function writeOne(
  e: Expression,
  text: (part: Expression) => string,
  spell: (variable: string) => string,
): string {
  switch (e.kind) {
    case 'number':
      return e.value < 0 ? `(${e.value})` : String(e.value);
    case 'variable':
      return spell(e.name);
    case 'sum':
      return `(${text(e.left)} + ${text(e.right)})`;
    case 'difference':
      return `(${text(e.left)} - ${text(e.right)})`;
    case 'quotient':
      return `(${text(e.left)} / ${text(e.right)})`;
    case 'product': {
      const [left, right] = [text(e.left), text(e.right)];
      return e.guarded
        ? `(${left} === 0 || ${right} === 0 ? 0 : ${left} * ${right})`
        : `(${left} * ${right})`;
    }
    case 'negation':
      return `(-${text(e.of)})`;
    case 'power':
      return `Math.pow(${text(e.base)}, ${text(e.exponent)})`;
    case 'call': {
      const of = text(e.of);
      return e.name === 'sech' ? `(2 / (Math.exp(${of}) + Math.exp(-${of})))` : `Math.${e.name}(${of})`;
    }
    case 'extremum':
      return `Math.${e.name}(${text(e.left)}, ${text(e.right)})`;
    case 'absolute-power':
      return writeAbsolutePower(text(e.base), e.exponent, e.signed);
    case 'select': {
      const [left, right] = [text(e.left), text(e.right)];
      const [above, below, equal] = [text(e.above), text(e.below), text(e.equal)];
      return `(${left} > ${right} ? ${above} : ${left} < ${right} ? ${below} : ${equal})`;
    }
  }
}

function writeAbsolutePower(base: string, exponent: number, signed: boolean): string {
  if (signed && exponent === 0) return `Math.sign(${base})`;
  const absolute = `Math.abs(${base})`;
  const power = exponent === 1 ? absolute : `Math.pow(${absolute}, ${exponent})`;
  if (!signed) return power;
  const signedPower = `Math.sign(${base}) * ${power}`;
  return exponent > 0 ? `(${signedPower})` : `(${base} === 0 ? 0 : ${signedPower})`;
}

function freshName(taken: readonly string[], number: number): string {
  let name = `part${number}`;
  while (taken.includes(name)) name = `${name}_`;
  return name;
}
