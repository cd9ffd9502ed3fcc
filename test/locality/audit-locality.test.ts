import fc from 'fast-check';
import { KernelError } from '../../src/core/errors';
import { auditLocality, parameterRoles } from '../../src/kernel/audit-locality';
import { auditLocalityOfModule } from '../../src/kernel/audit-module';
import type { KernelFunction } from '../../src/kernel/kernel';
import { adamRule } from '../../src/synapse/rules/adam';
import { illegalIndex, legalKernel } from './legal-kernels';
import { outsideTheDialect } from './outside-the-dialect';
import { zoo } from './zoo';

const own = 'phi[this.thread.x]';
const rule = (body: string, parameters = 'phi, omega, rate'): string =>
  `function rule(${parameters}) { ${body} }`;
const expressionsOf = (source: string): string[] =>
  auditLocality(source).violations.map(({ expression }) => expression);

describe('the audit accepts', () => {
  it('every kernel of the dialect', () => {
    fc.assert(
      fc.property(legalKernel, (source) => {
        expect(auditLocality(source).violations).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['comments', `/* phi[0] */ return phi[ /* i + 1 */ this.thread.x ]; // phi[1]\n`],
    ['brackets', `return (phi)[((this).thread).x];`],
    ['line breaks', `return phi[\n  this\n    .thread\n    .x\n];`],
    ['an HTML-like comment', `return ${own}; <!-- phi[0]\n`],
    ["'use strict' as its first statement", `'use strict'; return ${own};`],
    ['two locals in one statement', `const a = 1, b = a; return a + b + ${own};`],
    [
      'the same name in separate blocks',
      `if (rate > 0) { const a = 1; return a; } else { const a = 2; return a; }`,
    ],
    ['a truth value as a local', `const big = ${own} > 1; if (big) return 1; return big ? 2 : 3;`],
    ['a bare block and an empty statement', `{ return ${own}; } ;`],
    ['a rule that reads nothing', 'return 1;'],
    ['Infinity', `return Math.min(${own}, Infinity);`],
    ['a number as a condition', `return ${own} ? 1 : 0;`],
    ['the maximum of three', `return Math.max(${own}, 0, rate);`],
  ])('%s', (_name, body) => {
    expect(auditLocality(rule(body))).toMatchObject({ local: true, verdict: 'local', violations: [] });
  });

  it('a function as well as its text', () => {
    const decay: KernelFunction = function (phi, rate) {
      return phi[this.thread.x] * rate;
    };
    expect(auditLocality(decay).local).toBe(true);
  });
});

describe('the audit refuses a rule that', () => {
  it.each(zoo.map((cheat) => [cheat.name, cheat] as const))('%s', (_name, { source, expression }) => {
    const audit = auditLocality(source);
    expect(audit.local).toBe(false);
    expect(audit.violations.map((violation) => violation.expression).join('\n')).toContain(expression);
  });

  it.each(
    zoo
      .filter(({ caughtByPerturbation }) => caughtByPerturbation)
      .map((cheat) => [cheat.name, cheat] as const),
  )('%s, and knows that it is not local', (_name, { source }) => {
    expect(auditLocality(source).verdict).toBe('not local');
  });

  it.each(outsideTheDialect)(
    '%s, but knows that it is local, and tells what to write',
    (_name, source, advice) => {
      const { local, verdict, violations } = auditLocality(source);
      expect({ local, verdict }).toEqual({ local: false, verdict: 'local, but outside the dialect' });
      expect(violations.map(({ why }) => why).join('\n')).toMatch(advice);
    },
  );

  it('has any other index than its own, wherever it stands', () => {
    fc.assert(
      fc.property(legalKernel, illegalIndex, fc.nat(), (source, index, which) => {
        const parts = source.split('[this.thread.x]');
        const place = which % (parts.length - 1);
        const mutated = parts.reduce((text, part, i) =>
          text.concat(i - 1 === place ? `[${index}]` : '[this.thread.x]', part),
        );
        expect(auditLocality(mutated).local).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['an escaped name', `return ph\\u0069[this.thread.x];`, 'ph\\u0069'],
    ['an escaped property', 'return phi[this.thr\\u0065ad.x];', 'phi[this.thr\\u0065ad.x]'],
    ['an escaped Math', `return M\\u0061th.exp(${own});`, 'M\\u0061th'],
    ['a function of Math that is not in the dialect', `return Math.sin(${own});`, `Math.sin(${own})`],
    ['a function of Math as a value', 'const f = Math.exp; return 1;', 'Math.exp'],
    ['Math as a value', 'const m = Math; return m.exp(1);', 'Math'],
    ['Math by a computed name', `return Math['exp'](${own});`, `Math['exp'](${own})`],
    ['a function of Math by call', `return Math.exp.call(0, ${own});`, `Math.exp.call(0, ${own})`],
    ['a wrong number of arguments', `return Math.pow(${own});`, `Math.pow(${own})`],
    ['an array given whole to Math', `return Math.abs(phi) + ${own};`, 'phi'],
    ['an array used whole', `return ${own} + phi;`, 'phi'],
    ['a global', `return ${own} + globalThis.x;`, 'globalThis.x'],
    ['arguments', `return ${own} + arguments.length;`, 'arguments.length'],
    ['undefined', `return ${own} === undefined ? 1 : 2;`, 'undefined'],
    ['a template', 'return `1`;', '`1`'],
    ['a tagged template', 'return phi`1`;', 'phi`1`'],
    ['a text', `return 'a';`, `'a'`],
    ['a regular expression', 'return /a/;', '/a/'],
    ['a BigInt', 'return 1n;', '1n'],
    ['null', 'return null;', 'null'],
    ['an old octal number', `return 010 + ${own};`, '010'],
    ['an object', 'return {};', '{}'],
    ['a getter', 'return { get a() { return phi[1]; } }.a;', '{ get a() { return phi[1]; } }.a'],
    ['an array literal', 'return [1];', '[1]'],
    ['a comma', `return (1, ${own});`, `1, ${own}`],
    ['new', 'return new Date();', 'new Date()'],
    ['new.target', 'return new.target ? 1 : 0;', 'new.target'],
    ['import()', `import('x'); return 1;`, `import('x')`],
    ['typeof', `return typeof phi === 'x' ? 1 : 2;`, 'typeof phi'],
    ['void', 'return void 0;', 'void 0'],
    ['delete', `delete phi[0]; return ${own};`, 'delete phi[0]'],
    ['in', `return 1 in phi ? 1 : 2;`, '1 in phi'],
    ['instanceof', `return phi instanceof omega ? 1 : 2;`, 'phi instanceof omega'],
    ['??', `return ${own} ?? 0;`, `${own} ?? 0`],
    ['optional chaining', `return phi?.[this.thread.x];`, 'phi?.[this.thread.x]'],
    ['var', `var a = 1; return a;`, 'var a = 1;'],
    ['a local without a value', `let a; a = 1; return a;`, 'a'],
    ['an assignment to a constant', `const a = 1; a = 2; return a;`, 'a = 2'],
    ['an assignment to a parameter', `rate = 2; return ${own};`, 'rate = 2'],
    ['an assignment inside an expression', `let a = 1; return (a = 2) + ${own};`, 'a = 2'],
    ['a count inside an expression', `let a = 1; return a++ + ${own};`, 'a++'],
    ['another assignment operator', `let a = 1; a ||= 2; return a;`, 'a ||= 2'],
    ['a shift without a sign', `return ${own} >>> 1;`, `${own} >>> 1`],
    ['a local before its declaration', `const b = a; const a = 1; return b;`, 'a'],
    ['a local in its own declaration', `const a = a; return 1;`, 'a'],
    ['a local hidden further down', `const a = 1; { const b = a; const a = 2; return b; }`, 'a = 2'],
    ['a local that hides a parameter', `{ const rate = 1; return rate; }`, 'rate = 1'],
    ['a local called Math', `const Math = 1; return ${own};`, 'Math'],
    ['a local called Infinity', `const Infinity = 1; return ${own};`, 'Infinity'],
    ['a statement without effect', `${own}; return 1;`, own],
    ['a directive', `'use asm'; return ${own};`, `'use asm'`],
    ['debugger', `debugger; return ${own};`, 'debugger;'],
    ['arithmetic with truth values', `return (${own} > 0) * 2;`, `${own} > 0`],
    ['do', `let a = 1; do { a++; } while (a < 3); return a;`, 'do'],
    ['with', `with (phi) { return length; }`, 'with (phi)'],
    ['throw', `throw 1; return ${own};`, 'throw 1;'],
    ['a class', `class A {} return ${own};`, 'class A {}'],
    ['its own name', `return rule(${own});`, `rule(${own})`],
  ])('uses %s', (_name, body, expression) => {
    expect(expressionsOf(rule(body))).toContain(expression);
  });

  it.each([
    ['default', 'phi, rate = 1', 'rate = 1'],
    ['rest', '...phi', '...phi'],
    ['destructured', '{ phi }', '{ phi }'],
    ['duplicate', 'phi, phi', 'phi'],
    ['reserved', 'Math', 'Math'],
  ])('has a %s parameter', (_name, parameters, expression) => {
    expect(expressionsOf(rule('return 1;', parameters))).toContain(expression);
  });

  it('is called Math itself', () => {
    expect(auditLocality('function Math(phi) { return Math.exp(phi[this.thread.x]); }').local).toBe(false);
  });
});

describe('a violation', () => {
  it('names line, expression and what would be legal', () => {
    expect(
      auditLocality('function (phi) {\n  const a = 1;\n  return a *\n    phi[this.thread.x + 1];\n}'),
    ).toEqual({
      local: false,
      verdict: 'not local',
      quantities: ['phi'],
      scalars: [],
      violations: [
        {
          expression: 'phi[this.thread.x + 1]',
          line: 4,
          breaks: 'locality',
          why: "reads another synapse's entry: the only legal index is this.thread.x, or a const that is it",
        },
      ],
    });
  });

  it('is reported for each offending expression, not for the first alone', () => {
    expect(
      expressionsOf(rule('const i = this.thread.x + 0; return phi[i] + omega[0] + Math.random();')),
    ).toEqual(['this.thread.x', 'phi[i]', 'omega[0]', 'Math.random()']);
  });

  it('is not reported again for the parts of its expression', () => {
    expect(expressionsOf(rule('return phi[omega[0] + gain[1]];'))).toEqual(['phi[omega[0] + gain[1]]']);
  });

  it('has its expression on one line, shortened', () => {
    const [expression] = expressionsOf(rule(`return phi[\n ${'rate + '.repeat(40)} 1];`));
    expect(expression).toMatch(/^phi\[ rate \+ .*\.\.\.$/);
    expect(expression!.length).toBe(80);
  });

  it('tells the head of a loop and what its body reads', () => {
    expect(
      expressionsOf(rule('let s = 0; let i = 0; while (i < 3) { s += phi[i]; i++; } return s;')),
    ).toEqual(['while (i < 3)', 'phi[i]']);
  });
});

describe('a function is no kernel where', () => {
  it.each([
    ['it returns nothing', rule('const a = 1;')],
    ['it returns without a value', rule('return;')],
    ['only a nested function returns', rule('function f() { return 1; }')],
    ['a path returns without a value', rule('if (rate > 0) return; return 1;')],
    ['a path ends without a return', rule('if (rate > 0) { return 1; }')],
    ['an inner path ends without a return', rule('if (rate > 0) { if (rate > 1) return 1; } else return 2;')],
    ['it returns a truth value', rule(`return ${own} > 0;`)],
    ['it returns a truth value in a local', rule(`const a = !(${own} > 0); return a;`)],
    ['it is an async arrow', 'async (phi) => phi[this.thread.x]'],
    ['it is nested too deeply', rule(`return ${'('.repeat(20000)}1${')'.repeat(20000)};`)],
    ['it adds too many terms', rule(`return ${'1+'.repeat(200000)}1;`)],
  ])('%s', (_name, source) => {
    expect(() => auditLocality(source)).toThrow(KernelError);
  });
});

describe('what a rule reads', () => {
  it('is listed as its own quantities and as numbers for all synapses, apart', () => {
    const audit = auditLocality(
      rule(`for (let k = 0; k < 2; k++) if (k > rate) return ${own}; return omega;`),
    );
    expect(audit).toMatchObject({ quantities: ['phi'], scalars: ['omega', 'rate'] });
  });

  it('is listed for a rule with several kernels once', () => {
    expect(auditLocality(adamRule).quantities).toEqual(adamRule.reads);
    expect(auditLocality(adamRule).scalars).toEqual(adamRule.scalars);
  });
});

describe('the roles of parameters', () => {
  it('are arrays where indexed, scalars elsewhere', () => {
    expect(parameterRoles(rule(`return ${own} * rate;`))).toEqual({
      parameters: ['phi', 'omega', 'rate'],
      arrays: ['phi'],
      scalars: ['omega', 'rate'],
    });
  });
});

describe('a rule file', () => {
  const good = `function rule(phi) { return ${own}; }`;
  const bad = 'function rule(phi) {\n  return phi[0];\n}';

  it.each([
    ['module.exports = function', `module.exports = ${good};`],
    ['module.exports = name', `${good}\nmodule.exports = rule;`],
    ['module.exports = const', `const rule = ${good};\nmodule.exports = rule;`],
    ['a name used before its declaration', `module.exports = rule;\n${good}`],
    ['exports.default', `exports.default = ${good};`],
    ['exports = module.exports', `exports = module.exports = ${good};`],
    ['module.exports twice the same', `${good}\nmodule.exports = rule;\nmodule.exports.default = rule;`],
    [
      'what TypeScript writes',
      `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.default = void 0;\nexports.default = rule;\n${good}`,
    ],
    ['export default function', `export default ${good}`],
    ['export default of no name', `export default function (phi) { return ${own}; }`],
    ['export default name', `${good}\nexport default rule;`],
    ['export as default', `${good}\nexport { rule as default };`],
    [
      'a hashbang and a helper',
      `#!/usr/bin/env node\nconst helper = Math.floor(1);\nmodule.exports = ${good}`,
    ],
  ])('may have the form %s', (_name, text) => {
    expect(auditLocalityOfModule(text).violations).toEqual([]);
  });

  it('is refused with line numbers of the file', () => {
    expect(auditLocalityOfModule(`// a rule\n\nmodule.exports = ${bad}`).violations).toEqual([
      { expression: 'phi[0]', line: 4, why: expect.stringContaining('this.thread.x'), breaks: 'locality' },
    ]);
  });

  it('is refused where the rule reads a variable of the file', () => {
    const { violations } = auditLocalityOfModule(
      `const gain = 2;\nmodule.exports = function (phi) { return ${own} * gain; }`,
    );
    expect(violations).toEqual([
      { expression: 'gain', line: 2, why: expect.stringContaining('captured'), breaks: 'locality' },
    ]);
  });

  it.each([
    ['declares Math', 'const Math = { exp: (x) => x };'],
    ['declares Math as a function', 'function Math() {}'],
    ['imports Math', `import Math from './math';`],
    ['declares Infinity', 'const Infinity = 3;'],
    ['assigns Math', 'Math = {};'],
    ['assigns to a function of Math', 'Math.exp = (x) => x;'],
    ['assigns to a computed name of Math', `Math['exp'] = (x) => x;`],
    ['takes apart into Math', '[Math.exp] = [(x) => x];'],
    ['takes apart by name into Math', '({ a: Math.exp } = { a: (x) => x });'],
    ['deletes from Math', 'delete Math.exp;'],
    ['hands Math on', 'Object.assign(Math, { exp: (x) => x });'],
    ['gives Math another name', 'const m = Math;'],
    ['defines a getter on Math', `Math.__defineGetter__('exp', () => 1);`],
    ['reaches Math through the global object', 'globalThis.Math = {};'],
    ['evaluates text', `eval('Math.exp = 1');`],
  ])('is refused where it %s', (_name, line) => {
    const text = /^import/.test(line)
      ? `${line}\nexport default ${good}`
      : `${line}\nmodule.exports = ${good}`;
    expect(auditLocalityOfModule(text).local).toBe(false);
  });

  it.each([
    ['gives module another name', 'const m = module; m.exports = 3;'],
    ['exports by a computed name', `module['exp' + 'orts'] = 3;`],
    ['defines its export', `Object.defineProperty(module, 'exports', { value: 3 });`],
    ['takes apart into its export', ';[module.exports] = [3];'],
    ['assigns to the file-level this', 'this.default = 3;'],
  ])('is refused where it %s', (_name, line) => {
    expect(auditLocalityOfModule(`module.exports = ${good}\n${line}`).local).toBe(false);
  });

  it.each([
    ['nothing', 'const a = 1;'],
    ['an object', `module.exports = { rule: ${good} };`],
    ['an async function', 'module.exports = async function (phi) { return 1; };'],
    ['a class', 'export default class {}'],
    ['a number', 'export default 3;'],
    ['two functions', `module.exports = ${good};\nexports.default = function (phi) { return 1; };`],
    ['one of two', `module.exports = ${good};\nif (1) module.exports = function (phi) { return 1; };`],
    [
      'a name set twice',
      `let rule = ${good};\nrule = function (phi) { return phi[0]; };\nmodule.exports = rule;`,
    ],
    ['a name declared twice', `${good}\n${bad}\nmodule.exports = rule;`],
    ['a name of another file', `const rule = require('./rule');\nmodule.exports = rule;`],
    ['an imported name', `import rule from './rule';\nexport default rule;`],
    ['what another file exports', `export { default } from './rule';`],
    ['a name by destructuring', `const { rule } = {};\nmodule.exports = rule;`],
    ['a named function only', `export ${good}`],
    ['text that is no code', 'module.exports = function ('],
    ['an empty file', ''],
  ])('is no kernel where it exports %s', (_name, text) => {
    expect(() => auditLocalityOfModule(text)).toThrow(KernelError);
  });

  it('is parsed and never run', () => {
    expect(auditLocalityOfModule(`throw 1;\nmodule.exports = ${good}`).local).toBe(true);
  });
});
