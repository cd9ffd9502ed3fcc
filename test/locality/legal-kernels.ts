import fc from 'fast-check';

const arrays = ['phi', 'omega', 'lambda'];
const scalars = ['rate', 'beta'];
const read = fc.constantFrom(...arrays).map((name) => `${name}[this.thread.x]`);
const literal = fc.constantFrom('0', '1', '2.5', '1e-3', '.5', 'Math.PI', 'Math.E', 'Infinity');

/** Number and truth expressions over arrays, scalars, literals and the given locals. */
const expressions = (locals: readonly string[]) =>
  expressionsOver(fc.oneof(read, read, literal, fc.constantFrom(...scalars, ...locals)));

function expressionsOver(leaf: fc.Arbitrary<string>) {
  const { number, truth } = fc.letrec<{ number: string; truth: string }>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/', '%'), tie('number'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `((${a}) ** ${b})`),
      tie('number').map((a) => `-(${a})`),
      fc
        .tuple(
          fc.constantFrom('abs', 'exp', 'log', 'sqrt', 'tanh', 'sign', 'floor', 'ceil', 'round', 'trunc'),
          tie('number'),
        )
        .map(([f, a]) => `Math.${f}(${a})`),
      fc
        .tuple(fc.constantFrom('pow', 'min', 'max'), tie('number'), tie('number'))
        .map(([f, a, b]) => `Math.${f}(${a}, ${b})`),
      fc.tuple(tie('truth'), tie('number'), tie('number')).map(([t, a, b]) => `(${t} ? ${a} : ${b})`),
    ),
    truth: fc.oneof(
      { depthSize: 'small' },
      fc
        .tuple(leaf, fc.constantFrom('<', '<=', '>', '>=', '===', '!==', '==', '!='), leaf)
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      tie('truth').map((t) => `!(${t})`),
      tie('number').map((a) => `(${a})`),
      fc
        .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  }));
  return { number, truth };
}

/** A number that is the same for all synapses: scalars and literals only. */
export const uniformNumber = expressionsOver(fc.oneof(literal, fc.constantFrom(...scalars))).number;

/** The text of a random legal kernel: locals, one of them the same for all synapses, a branch that assigns, a branch that returns, a return. */
export const legalKernel: fc.Arbitrary<string> = fc
  .record({
    shared: uniformNumber,
    first: expressions(['shared']).number,
    second: expressions(['shared', 'a']).number,
    condition: expressions(['shared', 'a', 'b']).truth,
    assigned: expressions(['shared', 'a', 'b']).number,
    operator: fc.constantFrom('=', '+=', '-=', '*=', '/='),
    early: fc.option(
      fc.tuple(expressions(['shared', 'a', 'b']).truth, expressions(['shared', 'a', 'b']).number),
    ),
    result: expressions(['shared', 'a', 'b']).number,
    index: fc.constantFrom('this.thread.x', 'own'),
  })
  .map(({ shared, first, second, condition, assigned, operator, early, result, index }) =>
    [
      'function rule(phi, omega, lambda, rate, beta) {',
      index === 'own' ? '  const own = this.thread.x;' : '',
      `  const shared = ${shared};`,
      `  const a = ${first} + phi[${index}];`,
      `  let b = ${second} * omega[${index}] + lambda[${index}];`,
      `  if (${condition}) { const c = ${assigned}; b ${operator} c; } else { b++; }`,
      early ? `  if (${early[0]}) return ${early[1]};` : '',
      `  return ${result};`,
      '}',
    ].join('\n'),
  );

/** An index that is not the synapse's own. */
export const illegalIndex: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc
    .tuple(fc.constantFrom('+', '-', '*', '%', '^', '|', '>>'), fc.integer({ min: 1, max: 9 }))
    .map(([op, n]) => `this.thread.x ${op} ${n}`),
  fc.constantFrom(
    'rate',
    'a',
    'phi[this.thread.x]',
    'omega[0]',
    'this.thread.y',
    'this["thread"].x',
    "this.thread['x']",
    'this.thread',
    'this.output.x',
    'this',
    '+this.thread.x',
    '(0, this.thread.x)',
    'this?.thread.x',
    'this.thread.th\\u0078',
    'this.thread.\\u0078',
    'Math.abs(this.thread.x)',
    'phi.length',
    '`0`',
    '0x1',
    'true ? this.thread.x : 0',
    'this.thread.x.x',
    '[this.thread.x]',
    'arguments[0]',
    'i',
  ),
);
