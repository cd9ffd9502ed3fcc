import { InputError } from '../../src/core/errors';

/** What people hand over by mistake. */
export const badValues: readonly unknown[] = [
  ...[
    undefined,
    null,
    '',
    'text',
    'constructor',
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    10n,
  ],
  ...[
    true,
    [],
    ['a'],
    [Number.NaN],
    {},
    { typo: 1 },
    () => undefined,
    Symbol('symbol'),
    new Date(0),
    new Map(),
  ],
  new Float64Array(3),
];

/** A call that is right: what is called, and with what. Each time anew, since some arguments are used up. */
export interface Call {
  readonly call: (...args: never[]) => unknown;
  readonly args: () => readonly unknown[];
}

/** One way to call it wrongly. */
export interface Misuse {
  readonly told: string;
  readonly args: readonly unknown[];
}

/** Objects that are written down by whoever calls: their fields are changed one by one. Others are handed over as they are. */
function isWrittenDown(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype && !Object.isFrozen(value);
}

const printed = (value: unknown): string => {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol')
    return String(value);
  if (value instanceof Date || value instanceof Map || ArrayBuffer.isView(value))
    return value.constructor.name;
  return JSON.stringify(value) ?? 'undefined';
};

/** The same value with one field, at any depth, replaced by each bad value, or with a field that nobody knows. */
function* damaged(value: unknown, path: string, depth: number): Generator<[told: string, value: unknown]> {
  if (!isWrittenDown(value) || depth === 0) return;
  yield [`${path}.typo = 1`, { ...value, typo: 1 }];
  for (const key of Object.keys(value)) {
    for (const bad of badValues) yield [`${path}.${key} = ${printed(bad)}`, { ...value, [key]: bad }];
    for (const [told, inner] of damaged(value[key], `${path}.${key}`, depth - 1))
      yield [told, { ...value, [key]: inner }];
  }
}

/** Each argument replaced by each bad value, each field of each written-down argument too, and too few arguments. */
export function* misuses(args: readonly unknown[]): Generator<Misuse> {
  for (let count = 0; count < args.length; count++)
    yield { told: `${count} arguments`, args: args.slice(0, count) };
  for (const [position, given] of args.entries()) {
    const replaced = (value: unknown): unknown[] => args.map((arg, i) => (i === position ? value : arg));
    for (const bad of badValues)
      yield { told: `argument ${position} = ${printed(bad)}`, args: replaced(bad) };
    for (const [told, value] of damaged(given, `argument ${position}`, 3))
      yield { told, args: replaced(value) };
  }
}

/** What came of a call: nothing wrong, a typed error, or what nobody may see. */
export async function outcome(
  call: Call['call'],
  args: readonly unknown[],
): Promise<'accepted' | 'refused' | Error> {
  try {
    await call(...(args as never[]));
    return 'accepted';
  } catch (error) {
    if (error instanceof InputError || (error as { report?: unknown })?.report !== undefined)
      return 'refused';
    return error instanceof Error ? error : new Error(`threw ${String(error)}`);
  }
}
