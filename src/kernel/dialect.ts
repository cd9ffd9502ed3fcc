/** Math functions of the kernel dialect, with the fewest and the most arguments each may have. */
export const mathFunctions: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['abs', [1, 1]],
  ['exp', [1, 1]],
  ['log', [1, 1]],
  ['sqrt', [1, 1]],
  ['pow', [2, 2]],
  ['min', [2, Infinity]],
  ['max', [2, Infinity]],
  ['tanh', [1, 1]],
  ['sign', [1, 1]],
  ['floor', [1, 1]],
  ['ceil', [1, 1]],
  ['round', [1, 1]],
  ['trunc', [1, 1]],
]);

export const mathConstants: ReadonlySet<string> = new Set(['PI', 'E']);

/** Operators that take numbers and give a number. */
export const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '**']);
/** Operators on the 32 bits of whole numbers, as JavaScript's: a number's fraction is left out, and what is above 2^31 wraps round. */
export const bitwise: ReadonlySet<string> = new Set(['&', '|', '^', '<<', '>>']);
/** Operators that take numbers and give a truth value. */
export const relations: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
export const equalities: ReadonlySet<string> = new Set(['==', '!=', '===', '!==']);
export const assignments: ReadonlySet<string> = new Set(
  ['', ...arithmetic, ...bitwise].map((operator) => `${operator}=`),
);

/** Names that no parameter, local or function may take: they would change what the rest of the text means. */
export const reservedNames: ReadonlySet<string> = new Set([
  'Math',
  'Infinity',
  'NaN',
  'undefined',
  'arguments',
  'eval',
  'globalThis',
]);

/** Why a statement is outside the dialect, by its type. Every other unknown type is refused all the same. */
export const refusedStatements: ReadonlyMap<string, string> = new Map([
  ['ForStatement', 'is a loop that does not count: write for (let k = 0; k < 8; k++)'],
  ['ForInStatement', 'is a loop without a constant count: write for (let k = 0; k < 8; k++)'],
  ['ForOfStatement', 'is a loop without a constant count: write for (let k = 0; k < 8; k++)'],
  ['WhileStatement', 'is a loop without a constant count: write for (let k = 0; k < 8; k++)'],
  ['DoWhileStatement', 'is a loop without a constant count: write for (let k = 0; k < 8; k++)'],
  ['FunctionDeclaration', 'is a nested function: write const name = (x) => ...'],
  ['ClassDeclaration', 'is a class: a rule holds arithmetic only'],
  ['LabeledStatement', 'is a label: only if/else may steer a rule'],
  ['SwitchStatement', 'is not in the kernel dialect: use if/else'],
  ['TryStatement', 'is not in the kernel dialect: a rule neither throws nor catches'],
  ['ThrowStatement', 'is not in the kernel dialect: a rule neither throws nor catches'],
]);

/** Why an expression is outside the dialect, by its type. Every other unknown type is refused all the same. */
export const refusedExpressions: ReadonlyMap<string, string> = new Map([
  ['ArrayExpression', 'is an array literal: a rule holds numbers and truth values only'],
  ['ObjectExpression', 'is an object literal: a rule holds numbers and truth values only'],
  ['TaggedTemplateExpression', 'calls a function: the only legal calls are those of Math'],
  ['FunctionExpression', 'is a nested function: write const name = (x) => ...'],
  ['ArrowFunctionExpression', 'is a nested function as a value: write const name = (x) => ..., and call it'],
  ['ClassExpression', 'is a class: a rule holds arithmetic only'],
  ['SequenceExpression', 'is a comma expression: write one statement each'],
  ['ChainExpression', 'uses optional chaining: own quantities always exist, read them at [this.thread.x]'],
  ['NewExpression', 'makes an object: a rule holds numbers and truth values only'],
  ['MetaProperty', 'is not in the kernel dialect: a rule may use its parameters and Math only'],
]);
