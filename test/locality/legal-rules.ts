const own = 'phi[this.thread.x]';
const rule = (body: string, parameters = 'phi, omega, rate'): string =>
  `function rule(${parameters}) { ${body} }`;

/** Rules of the dialect, one for each thing that it has. Their numbers stay below 2^24, so that float32 holds the whole ones. */
export const legalRules: readonly (readonly [name: string, source: string])[] = [
  ['returns what it reads', rule(`return ${own};`)],
  ['reads nothing', rule('return 1;')],
  ['returns a scalar', rule('return rate;')],
  ['names its index', rule('const i = this.thread.x; return phi[i] - omega[i];')],
  ['names its index in a block', rule('if (rate > 0) { const i = this.thread.x; return phi[i]; } return 0;')],
  ['has no name', 'function (phi) { return phi[this.thread.x]; }'],
  ['is an arrow', '(phi, rate) => phi[this.thread.x] * rate'],
  ['is an arrow with a block', '(phi) => { const x = phi[this.thread.x]; return x > 0 ? x : 0; }'],
  ['is an arrow of one parameter', 'phi => -phi[this.thread.x]'],
  ['is an arrow that chooses', '(phi, omega) => phi[this.thread.x] > omega[this.thread.x] ? 1 : 0'],
  ['is strict', `function (phi) { 'use strict'; return phi[this.thread.x]; }`],
  ['is an arrow that is strict', `(phi) => { 'use strict'; return phi[this.thread.x]; }`],
  ['has comments', `/* phi[0] */ function rule(phi) { return phi[ /* + 1 */ this.thread.x]; // phi[1]\n}`],
  ['reckons', rule(`return (${own} + rate) * (${own} - 2) / 4 % 3;`)],
  ['takes powers', rule(`return ${own} ** 2 + Math.pow(${own}, 3);`)],
  ['takes functions', rule(`return Math.min(Math.abs(${own}), Math.max(rate, 1, 0)) + Math.sign(${own});`)],
  [
    'rounds',
    rule(`return Math.floor(${own}) + Math.ceil(${own}) + Math.round(${own}) + Math.trunc(${own});`),
  ],
  ['takes a constant of Math', rule(`return ${own} > Math.PI ? Math.floor(Math.E) : 0;`)],
  ['has Infinity', rule(`return Math.min(${own}, Infinity);`)],
  ['asks both', rule(`return ${own} > 0 && omega[this.thread.x] > 0 ? 1 : 0;`)],
  ['asks either', rule(`return !(${own} > 0 || omega[this.thread.x] > 0) ? 1 : 0;`)],
  ['takes a number for a truth', rule(`return ${own} ? 1 : 0;`)],
  [
    'keeps a truth',
    rule(
      `const isBig = ${own} > 1; let isSmall = !isBig; if (rate > 9) isSmall = isBig; return isSmall ? 1 : 2;`,
    ),
  ],
  ['branches', rule(`if (${own} > 0) return 1; else if (${own} < 0) return -1; return 0;`)],
  [
    'assigns',
    rule(`let x = ${own}; x += 1; x -= rate; x *= 2; x /= 4; x %= 3; x **= 2; x++; x--; ++x; return x;`),
  ],
  ['takes bits', rule(`return (${own} & 7) + (${own} | 1) + (${own} ^ 2);`)],
  ['turns bits over', rule(`return ~${own} + ~rate;`)],
  ['shifts', rule(`return (${own} << 2) + (${own} >> 1);`)],
  ['shifts by its own value', rule(`return (1 << (${own} & 7)) + (100 >> (${own} & 3));`)],
  ['assigns bits', rule(`let x = ${own}; x &= 63; x |= 8; x ^= 5; x <<= 1; x >>= 2; return x;`)],
  ['asks whether it is odd', rule(`return (${own} & 1) === 1 ? rate : -rate;`)],
  ['counts', rule(`let x = ${own}; for (let k = 0; k < 4; k++) x += k; return x;`)],
  ['counts down', rule(`let x = ${own}; for (let k = 4; k > 0; k--) x = x / 2 + k; return x;`)],
  ['counts by halves', rule(`let x = ${own}; for (let k = 0; k < 1; k += 0.5) x += k; return x;`)],
  [
    'doubles its counter',
    rule(`let x = 0; for (let k = 1; k <= 64; k *= 2) { if (${own} >= k) x++; } return x;`),
  ],
  [
    'counts by an assignment',
    rule(`let x = ${own}; for (let k = 1; k < 50; k = 3 * k + 1) x -= k; return x;`),
  ],
  [
    'counts to a const',
    rule(`const n = 2 * 3; let x = ${own}; for (let k = 0; k < n; k++) x += k * rate; return x;`),
  ],
  [
    'counts in a count',
    rule(`let x = ${own}; for (let k = 0; k < 3; k++) for (let m = 0; m <= k; m++) x += m - k; return x;`),
  ],
  ['counts nothing', rule(`let x = ${own}; for (let k = 0; k < 0; k++) x = 9; return x;`)],
  [
    'counts the same name twice',
    rule(`let x = ${own}; for (let k = 0; k < 2; k++) x++; for (let k = 5; k > 3; k--) x += k; return x;`),
  ],
  ['returns from a count', rule(`for (let k = 0; k < 8; k++) { if (${own} < k) return k; } return -1;`)],
  ['counts bits', rule(`let x = 0; for (let k = 0; k < 12; k++) x += (${own} >> k) & 1; return x;`)],
  [
    'has a helper',
    rule(`const clip = (x) => Math.min(Math.max(x, -1), 1); return clip(${own}) + clip(rate);`),
  ],
  [
    'has a helper with consts',
    rule(`const f = (x, y) => { const s = x + y, d = x - y; return s * d; }; return f(${own}, rate);`),
  ],
  [
    'has a helper of a helper',
    rule(`const half = (x) => x / 2; const quarter = (x) => half(half(x)); return quarter(${own});`),
  ],
  [
    'has a helper that asks',
    rule(
      `const isBig = (x) => x > 1; if (isBig(${own})) return 1; else if (isBig(-${own})) return 2; return 3;`,
    ),
  ],
  [
    'has a helper that reads',
    rule(`const mine = () => ${own} - omega[this.thread.x]; return mine() * mine();`),
  ],
  [
    'has a helper that sees what changes',
    rule(`let s = 0; const more = (x) => s + x; s = more(${own}); s = more(${own}); return s;`),
  ],
  [
    'has a helper in a count',
    rule(`let x = ${own}; for (let k = 0; k < 3; k++) { const f = (y) => y * k; x = f(x) + 1; } return x;`),
  ],
];
