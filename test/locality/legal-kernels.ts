import fc from 'fast-check';

const arrays = ['phi', 'omega', 'lambda'];
const scalars = ['rate', 'beta'];
const read = fc.constantFrom(...arrays).map((name) => `${name}[this.thread.x]`);
const literal = fc.constantFrom('0', '1', '2.5', '1e-3', '.5', 'Math.PI', 'Math.E', 'Infinity');

/** Number and truth expressions over arrays, scalars, literals and the given locals. */
const expressions = (locals: readonly string[], helpers: readonly string[] = []) =>
  expressionsOver(fc.oneof(read, read, literal, fc.constantFrom(...scalars, ...locals)), helpers);

function expressionsOver(leaf: fc.Arbitrary<string>, helpers: readonly string[] = []) {
  const { number, truth } = fc.letrec<{ number: string; truth: string; comparison: string }>((tie) => ({
    // No number that stands for a truth.
    comparison: fc.oneof(
      { depthSize: 'small' },
      fc
        .tuple(leaf, fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), leaf)
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      tie('truth').map((t) => `!(${t})`),
      fc
        .tuple(tie('comparison'), fc.constantFrom('&&', '||', '===', '!=='), tie('comparison'))
        .map(([a, op, b]) => `((${a}) ${op} (${b}))`),
    ),
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(
          tie('number'),
          fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'),
          tie('number'),
        )
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `((${a}) ** ${b})`),
      fc.tuple(fc.constantFrom('-', '~'), tie('number')).map(([op, a]) => `${op}(${a})`),
      ...helpers.map((helper) =>
        fc.tuple(tie('number'), tie('number')).map(([a, b]) => `${helper}(${a}, ${b})`),
      ),
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
      tie('comparison'),
      fc
        .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  }));
  return { number, truth };
}

/** A number that is the same for all synapses: scalars and literals only. */
export const uniformNumber = expressionsOver(fc.oneof(literal, fc.constantFrom(...scalars))).number;

const operator = fc.constantFrom('=', '+=', '-=', '*=', '/=', '%=', '**=', '&=', '|=', '^=', '<<=', '>>=');

/** A loop's head, which counts up to six times. */
const head = (name: string) =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: -2, max: 2 }), fc.nat({ max: 6 }))
      .map(([from, runs]) => `let ${name} = ${from}; ${name} < ${from} + ${runs}; ${name}++`),
    fc.nat({ max: 4 }).map((from) => `let ${name} = ${from} / 2; ${name} > 0; ${name} -= 0.5`),
    fc.nat({ max: 3 }).map((power) => `let ${name} = 1; ${name} <= 2 ** ${power}; ${name} = 2 * ${name}`),
  );

const seen = ['shared', 'a', 'b'];
const helpers = ['clip', 'turn'];

/** A loop that assigns, with one in it that reads both counters, and perhaps a return. */
const loop = fc
  .record({
    head: head('k'),
    given: expressions([...seen, 'k'], helpers).number,
    condition: expressions([...seen, 'k', 'd']).truth,
    operator,
    inner: fc.option(
      fc
        .record({ head: head('m'), by: expressions(['k', 'm', 'b', 'd'], helpers).number })
        .map((of) => `for (${of.head}) b += ${of.by};`),
    ),
    early: fc.option(fc.tuple(expressions(['k', 'b']).truth, expressions(['k', 'b']).number)),
  })
  .map(
    ({ head, given, condition, operator, inner, early }) =>
      `for (${head}) { const d = ${given}; if (${condition}) b ${operator} d; ${inner ?? ''} ${
        early ? `if (${early[0]}) return ${early[1]};` : ''
      } }`,
  );

/**
 * The text of a random legal kernel: helpers, locals, one of them the same for all synapses, a branch that assigns, a loop, a branch
 * that returns, a return.
 */
export const legalKernel: fc.Arbitrary<string> = fc
  .record({
    shared: uniformNumber,
    clip: expressions(['x', 'y']).number,
    turn: fc.tuple(expressions(['x']).number, expressions(['y', 'z', 'shared'], ['clip']).number),
    first: expressions(['shared'], helpers).number,
    second: expressions(['shared', 'a'], helpers).number,
    condition: expressions(seen, helpers).truth,
    assigned: expressions(seen, helpers).number,
    operator,
    loop: fc.option(loop),
    early: fc.option(fc.tuple(expressions(seen, helpers).truth, expressions(seen).number)),
    result: expressions(seen, helpers).number,
    index: fc.constantFrom('this.thread.x', 'own'),
    arrow: fc.boolean(),
  })
  .map(({ shared, clip, turn, first, second, condition, assigned, operator, loop, early, result, ...how }) =>
    [
      how.arrow ? '(phi, omega, lambda, rate, beta) => {' : 'function rule(phi, omega, lambda, rate, beta) {',
      how.index === 'own' ? '  const own = this.thread.x;' : '',
      `  const shared = ${shared};`,
      `  const clip = (x, y) => ${clip};`,
      `  const turn = (x, y) => { const z = ${turn[0]}; return ${turn[1]}; };`,
      `  const a = ${first} + phi[${how.index}];`,
      `  let b = ${second} * omega[${how.index}] + lambda[${how.index}];`,
      `  if (${condition}) { const c = ${assigned}; b ${operator} c; } else { b++; }`,
      `  ${loop ?? ''}`,
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
