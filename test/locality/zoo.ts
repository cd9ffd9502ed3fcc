import type { KernelFunction } from '../../src/kernel/kernel';

/** A rule that is not local, or is outside the kernel dialect. */
export interface Cheat {
  readonly name: string;
  readonly source: string;
  /** Statements around the function, for rules that capture something. */
  readonly around?: string;
  /** What the audit must name. */
  readonly expression: string;
  /** Whether the experiment sees it too. It cannot see what is local but outside the dialect. */
  readonly caughtByPerturbation: boolean;
}

const rule = (body: string, parameters = 'phi, omega, rate'): string =>
  `function rule(${parameters}) { ${body} }`;

function seen(name: string, source: string, expression: string, around?: string): Cheat {
  return { name, source, expression, around, caughtByPerturbation: true };
}

function unseen(name: string, source: string, expression: string, around?: string): Cheat {
  return { name, source, expression, around, caughtByPerturbation: false };
}

/** Makes a cheat's function, with whatever it captures. Only for rules of this file. */
export function build({ source, around = '' }: Pick<Cheat, 'source' | 'around'>): KernelFunction {
  return new Function(`${around}; return (${source});`)() as KernelFunction;
}

const own = 'phi[this.thread.x]';

export const zoo: readonly Cheat[] = [
  seen('reads the next synapse', rule('return phi[this.thread.x + 1];'), 'phi[this.thread.x + 1]'),
  seen('reads the synapse before', rule('return phi[this.thread.x - 1];'), 'phi[this.thread.x - 1]'),
  seen('reads the first synapse', rule(`return ${own} - phi[0];`), 'phi[0]'),
  seen('reads where a scalar points', rule('return phi[Math.sign(rate)];'), 'phi[Math.sign(rate)]'),
  seen(
    'reads where data point',
    rule(`return phi[omega[this.thread.x] > 0 ? 1 : 2];`),
    'phi[omega[this.thread.x]',
  ),
  seen('follows its own value', rule(`return phi[${own} > 0 ? 1 : 0];`), `phi[${own} > 0 ? 1 : 0]`),
  seen(
    'goes on from a const that is its index',
    rule('const i = this.thread.x; return phi[i + 1];'),
    'phi[i + 1]',
  ),
  seen('returns a const that is its index', rule('const i = this.thread.x; return phi[i] + i;'), 'i'),
  unseen(
    'gives its index a third name',
    rule('const i = this.thread.x; const j = i; return phi[j];'),
    'phi[j]',
  ),
  unseen(
    'reads an index before it is one',
    rule('const a = phi[i]; const i = this.thread.x; return a;'),
    'phi[i]',
  ),
  unseen(
    'reads an index of another block',
    rule('if (rate > 0) { const i = this.thread.x; } return phi[i];'),
    'phi[i]',
  ),
  seen(
    'has an index from elsewhere in the thread',
    rule('const i = this.thread.y; return phi[i];'),
    'phi[i]',
  ),
  seen('has an index that is worked out', rule('const i = Math.floor(rate); return phi[i];'), 'phi[i]'),
  seen('counts its index up', rule('const i = this.thread.x; i++; return phi[i];'), 'i++'),
  seen('mirrors the index', rule('const i = 15 - this.thread.x; return phi[i];'), 'phi[i]'),
  seen('sums all synapses', rule('let s = 0; for (let i = 0; i < 16; i++) s += phi[i]; return s;'), 'phi[i]'),
  seen(
    'loops with while',
    rule('let i = 0; let s = 0; while (i < 9) { s += phi[i]; i++; } return s;'),
    'while',
  ),
  seen('asks how many there are', rule(`return ${own} / phi.length;`), 'phi.length'),
  seen('takes the maximum of all', rule('return Math.max(...phi);'), '...phi'),
  seen('uses its number as a value', rule(`return ${own} + this.thread.x;`), 'this.thread.x'),
  seen('reads the population size', rule(`return ${own} / this.output.x;`), 'this.output.x'),
  unseen('reads another axis', rule(`return ${own} + this.thread.y;`), 'this.thread.y'),
  unseen('reads constants', rule(`return this.constants.a ? 1 : ${own};`), 'this.constants.a'),
  unseen('hands `this` on', rule('const self = this; return phi[self.thread.x];'), 'phi[self.thread.x]'),
  unseen('gives an array another name', rule('const a = phi; return a[this.thread.x];'), 'a[this.thread.x]'),
  seen(
    'reads the next through a name',
    rule('const a = phi; return a[this.thread.x + 1];'),
    'a[this.thread.x + 1]',
  ),
  seen('draws random numbers', rule(`return ${own} + Math.random();`), 'Math.random()'),
  seen('draws by a computed name', rule(`return ${own} + Math['random']();`), "Math['random']"),
  seen(
    'captures an array',
    rule(`return ${own} * gain[this.thread.x];`),
    'gain[this.thread.x]',
    'const gain = Array.from({ length: 16 }, (_, i) => i)',
  ),
  unseen('captures a number', rule(`return ${own} * gain;`), 'gain', 'const gain = 2'),
  seen('keeps a sum outside', rule(`total += ${own}; return total;`), 'total', 'let total = 0'),
  seen(
    'calls a function that remembers',
    rule(`return remember(${own});`),
    'remember(',
    'let last = 0; function remember(x) { const y = last; last = x; return y; }',
  ),
  seen(
    'writes to its array',
    rule(`phi[this.thread.x] = 0; return omega[this.thread.x];`),
    'phi[this.thread.x] = 0',
  ),
  seen(
    'writes to its neighbour',
    rule(`phi[this.thread.x + 1] += 1; return ${own};`),
    'phi[this.thread.x + 1] += 1',
  ),
  seen('keeps a sum on `this`', rule(`this.sum = (this.sum || 0) + ${own}; return this.sum;`), 'this.sum'),
  seen(
    'reads through arguments',
    rule('return arguments[0][this.thread.x] - arguments[0][3];'),
    'arguments[0]',
  ),
  seen('reads in eval', rule("return eval('phi[3]') + phi[this.thread.x];"), "eval('phi[3]')"),
  seen('reduces', rule('return phi.reduce((a, b) => a + b);'), 'phi.reduce('),
  seen('takes the array apart', rule('const [first] = phi; return first;'), '[first] = phi'),
  seen(
    'takes a parameter apart',
    'function rule([first], omega) { return first + omega[this.thread.x]; }',
    '[first]',
  ),
  seen(
    'reads in a default',
    'function rule(phi, a = phi[1]) { return phi[this.thread.x] * (a > 0 ? 1 : phi[1]); }',
    'phi[1]',
  ),
  seen('nests a function', rule('function f(i) { return phi[i]; } return f(2);'), 'function f(i)'),
  seen('nests an arrow', rule('const f = (i) => phi[i]; return f(2);'), 'phi[i]'),
  seen(
    'loops over its neighbours',
    rule('let s = 0; for (let k = -1; k < 2; k++) s += phi[this.thread.x + k]; return s;'),
    'phi[this.thread.x + k]',
  ),
  seen(
    'reads by a counter that is a const',
    rule('let s = 0; for (let k = 0; k < 3; k++) { const j = k; s += phi[j]; } return s;'),
    'phi[j]',
  ),
  seen(
    'starts a loop elsewhere',
    rule(`let s = ${own}; for (let k = Math.sign(phi[0]); k < 3; k++) s++; return s;`),
    'phi[0]',
  ),
  seen(
    'ends a loop elsewhere',
    rule(`let s = ${own}; for (let k = 0; k < Math.tanh(phi[3]) * 9; k++) s++; return s;`),
    'phi[3]',
  ),
  seen(
    'ends a loop by how many there are',
    rule(`let s = 0; for (let k = 0; k < phi.length; k++) s++; return s + ${own};`),
    'phi.length',
  ),
  seen(
    'counts by another',
    rule(`let s = ${own}; for (let k = 0; k < 9; k += Math.abs(phi[3]) + 1) s++; return s;`),
    'phi[3]',
  ),
  seen(
    'counts its number',
    rule('let s = 0; for (let k = 0; k < this.thread.x; k++) s++; return s;'),
    'this.thread.x',
  ),
  seen(
    'counts up to its number',
    rule('const i = this.thread.x; let s = 0; for (let k = 0; k < i; k++) s++; return s + phi[i];'),
    'i',
  ),
  seen(
    'loops in a loop',
    rule('let s = 0; for (let k = 0; k < 2; k++) for (let m = 0; m < 2; m++) s += phi[k + m]; return s;'),
    'phi[k + m]',
  ),
  seen('loops over its array', rule('let s = 0; for (const x of phi) s += x; return s;'), 'phi'),
  seen('loops over its indices', rule('let s = 0; for (const k in phi) s += phi[k]; return s;'), 'phi[k]'),
  seen('loops into its array', rule(`for (phi[0] of [1, 2]) { } return ${own};`), 'phi[0]'),
  seen(
    'changes its index in a loop',
    rule('let i = this.thread.x; for (let k = 0; k < 1; k++) i = 0; return phi[i];'),
    'i = 0',
  ),
  seen('mixes bits into its index', rule('return phi[this.thread.x & 7];'), 'phi[this.thread.x & 7]'),
  seen('shifts its index', rule('return phi[this.thread.x >> 1];'), 'phi[this.thread.x >> 1]'),
  seen('turns its index over', rule('return phi[15 + ~this.thread.x + 1];'), 'phi[15 + ~this.thread.x + 1]'),
  seen('takes the bits of its number', rule(`return ${own} + (this.thread.x & 1);`), 'this.thread.x'),
  seen('takes the bits of its index', rule('const i = this.thread.x; return phi[i] + (i ^ 1);'), 'i'),
  seen('takes the bits of another', rule(`return ${own} + (omega[1] | 0) + omega[1];`), 'omega[1]'),
  unseen('makes an index of bits', rule('const i = this.thread.x | 0; return phi[i];'), 'phi[i]'),
  seen('is an arrow that reads another', '(phi) => phi[this.thread.x + 1]', 'phi[this.thread.x + 1]'),
  seen('hands its array to an arrow', rule('const f = (a) => a[0]; return f(phi);'), 'a[0]'),
  seen(
    'hands its number to an arrow',
    rule('const f = (i) => i + 1; return f(this.thread.x);'),
    'this.thread.x',
  ),
  seen(
    'returns its number from an arrow',
    rule(`const f = () => this.thread.x; return f() + ${own};`),
    'this.thread.x',
  ),
  seen('hands an arrow an arrow', rule('const f = (g) => g(3); return f((k) => phi[k]);'), 'phi[k]'),
  seen('calls an arrow at once', rule('return ((k) => phi[k])(3);'), '((k) => phi[k])(3)'),
  seen('gives an arrow a default', rule('const f = (x = phi[0]) => x; return f();'), 'phi[0]'),
  seen(
    'keeps a count in an arrow',
    rule(`const f = () => count++; return ${own} + f();`),
    'count++',
    'let count = 0',
  ),
  seen(
    'reads in a const of an arrow',
    rule('const f = (x) => { const k = 2; return x * phi[k]; }; return f(2);'),
    'phi[k]',
  ),
  seen('draws in an arrow', rule(`const f = () => Math.random(); return ${own} + f();`), 'Math.random()'),
  seen('keeps Math.random', rule(`const draw = Math.random; return ${own} + draw();`), 'Math.random'),
  seen('takes random from Math', rule(`const { random } = Math; return ${own} + random();`), 'Math'),
  seen('gives a third name to another name', rule('const a = phi; const b = a; return b[3];'), 'b[3]'),
  seen('reads another where it takes a sine', rule('return Math.sin(phi[1]);'), 'phi[1]'),
  seen('reads another in a text', rule(`return +\`\${phi[1]}\`;`), 'phi[1]'),
  seen('reads another in a list', rule(`return [phi[1]] * ${own};`), 'phi[1]'),
  unseen(
    'deletes what it reads',
    rule(`const a = ${own}; delete phi[this.thread.x]; return a;`),
    'delete phi[this.thread.x]',
  ),
  seen(
    'writes to its array in an expression',
    rule(`return (phi[this.thread.x] = 0) + omega[this.thread.x];`),
    'phi[this.thread.x] = 0',
  ),
  seen('counts its array in an expression', rule(`return phi[this.thread.x]++;`), 'phi[this.thread.x]++'),
  seen(
    'compares in a case',
    rule('switch (rate) { case phi[0]: return 1; default: return phi[0]; }'),
    'phi[0]',
  ),
  seen('indexes with a comma', rule('return phi[(this.thread.x, 0)];'), 'phi[(this.thread.x, 0)]'),
  seen('reads by optional chaining', rule('return phi?.[2];'), 'phi?.[2]'),
  seen('indexes with a text', rule("return phi['3'];"), "phi['3']"),
  seen('indexes with bits', rule('return phi[this.thread.x ^ 1];'), 'phi[this.thread.x ^ 1]'),
  seen('hides the parameter', rule('{ const rate = phi; return rate[1]; }'), 'rate = phi'),
  seen('reads in a switch', rule('switch (1) { case 1: return phi[2]; } return 0;'), 'phi[2]'),
  seen('reads in a try', rule('try { return phi[2]; } catch { return 0; }'), 'phi[2]'),
  seen('counts in a label', rule('a: { return phi[2]; }'), 'phi[2]'),
  unseen('spells its index otherwise', rule("return phi[this['thread'].x];"), "phi[this['thread'].x]"),
  unseen(
    'indexes twice',
    rule('return phi[this.thread.x][this.thread.x] > 0 ? 1 : 0;'),
    'phi[this.thread.x][this.thread.x]',
  ),
];
