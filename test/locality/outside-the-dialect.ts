const own = 'phi[this.thread.x]';
const rule = (body: string, parameters = 'phi, omega, rate'): string =>
  `function rule(${parameters}) { ${body} }`;

/** Rules that read their own synapse's quantities only, written as engines do not take them; and what the audit tells to write. */
export const outsideTheDialect: readonly (readonly [name: string, source: string, advice: RegExp])[] = [
  ['takes a sine', rule(`return Math.sin(${own});`), /Math\.tanh/],
  [
    'counts with while',
    rule(`let n = 0; let x = ${own}; while (n < 3) { x *= rate; n++; } return x;`),
    /for \(let k/,
  ],
  [
    'counts with do',
    rule(`let x = ${own}; let n = 0; do { x *= 0.5; n++; } while (n < 3); return x;`),
    /for \(let k/,
  ],
  [
    'has a loop that does not count',
    rule(`let x = ${own}; let n = 0; for (; n < 3; ) { x *= 0.5; n++; } return x;`),
    /for \(let k/,
  ],
  [
    'loops by a scalar',
    rule(`let x = ${own}; for (let k = 0; k < rate; k++) x *= 0.5; return x;`),
    /constants/,
  ],
  [
    'loops by its own value',
    rule(`let x = 0; for (let k = 0; k < ${own}; k++) x += 1; return x;`),
    /constants/,
  ],
  [
    'loops too often',
    rule(`let x = ${own}; for (let k = 0; k < 1e9; k++) x *= 0.5; return x;`),
    /1024 times/,
  ],
  [
    'loops for ever',
    rule(`let x = ${own}; for (let k = 0; k < 1; k += 0) return x; return 1;`),
    /1024 times/,
  ],
  [
    'breaks off a loop',
    rule(`let x = ${own}; for (let k = 0; k < 9; k++) { if (x < 1) break; x *= 0.5; } return x;`),
    /an if/,
  ],
  [
    'skips in a loop',
    rule(`let x = ${own}; for (let k = 0; k < 9; k++) { if (x < 1) continue; x--; } return x;`),
    /an if/,
  ],
  ['declares with var', rule(`var x = ${own}; return x;`), /const or let/],
  ['switches', rule(`switch (Math.sign(${own})) { case 1: return rate; default: return 0; }`), /if\/else/],
  ['nests a function', rule(`function f(x) { return x * rate; } return f(${own});`), /const name = \(x\) =>/],
  [
    'keeps a function',
    rule(`const f = function (x) { return x * rate; }; return f(${own});`),
    /const name = \(x\) =>/,
  ],
  [
    'gives a helper branches',
    rule(`const f = (x) => { if (x > 0) return x; return 0; }; return f(${own});`),
    /\?:/,
  ],
  ['gives a helper a third name', rule(`const f = (x) => x; const g = f; return g(${own});`), /called/],
  ['calls a helper with too much', rule(`const f = (x) => x; return f(${own}, 1);`), /1 number/],
  ['changes its parameter', rule(`rate = 2 * rate; return ${own} * rate;`), /copy it/],
  [
    'changes a counter',
    rule(`let x = ${own}; for (let k = 0; k < 9; k++) { k++; x--; } return x;`),
    /copy it/,
  ],
  ['hides a parameter', rule(`const f = (rate) => rate; return f(${own});`), /own name/],
  [
    'assigns inside an expression',
    rule(`let a = 1; const b = (a = ${own}); return a + b;`),
    /statement of its own/,
  ],
  ['has a statement without effect', rule(`${own}; return ${own};`), /no effect/],
  ['writes a list of expressions', rule(`return (rate, ${own});`), /one statement each/],
  ['asks for a type', rule(`return typeof rate === 'number' ? ${own} : 0;`), /legal are/],
  ['shifts without a sign', rule(`return ${own} >>> 1;`), /legal are/],
  ['has a default', 'function rule(phi, rate = 2) { return phi[this.thread.x] * rate; }', /plain name/],
  ['tries', rule(`try { return ${own}; } catch (error) { return 0; }`), /neither throws nor catches/],
  ['throws', rule(`if (rate < 0) throw rate; return ${own};`), /neither throws nor catches/],
  ['has a label', rule(`a: { return ${own}; }`), /if\/else/],
  ['reckons with truth', rule(`return (${own} > 0) * rate;`), /\? 1 : 0/],
  ['asks whether it is there', rule(`return ${own} ?? 0;`), /always exist/],
  ['reads by optional chaining', rule('return phi?.[this.thread.x];'), /always exist/],
  ['lets its index change', rule('let i = this.thread.x; return phi[i];'), /const/],
  ['takes three powers', rule(`return Math.pow(${own});`), /takes 2/],
  [
    'reads a local before it is there',
    rule(`if (rate > 1e9) { const b = a; return b; } const a = ${own}; return a;`),
    /declaration/,
  ],
  [
    'compares what && gives of numbers',
    rule(`return (${own} && 2) === (omega[this.thread.x] && 3) ? 1 : 0;`),
    /write \(a && b \? 1 : 0\)/,
  ],
  [
    'keeps what || gives of numbers, and compares it',
    rule(`const t = ${own} || rate; return t == true ? 1 : 0;`),
    /write \(a && b \? 1 : 0\)/,
  ],
  [
    'makes a truth what && gives',
    rule(`let t = ${own} > 1; t = ${own} && rate; return t ? 1 : 0;`),
    /another local/,
  ],
];
