import { z } from 'zod';
import { InputError } from './errors';
import { didYouMean } from './nearest';

/**
 * A schema for values of a type of our own, which are taken as they are. `legal` says what they are, and how one makes them.
 */
export function made<T>(legal: string, test: (value: unknown) => boolean): z.ZodType<T, T> {
  const isLegal = (value: unknown): boolean => value !== undefined && value !== null && test(value);
  return z.custom<T>(isLegal, { message: legal, params: { legal } });
}

/** Whether a value is a built-in of this name, of this realm or of another: a worker's, a test's. */
export function isBuiltIn(name: 'Float64Array' | 'Map' | 'Uint8Array', value: unknown): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

export const float64ArraySchema = made<Float64Array>('a Float64Array', (value) =>
  isBuiltIn('Float64Array', value),
);

/** Whether a value is an array, typed or not. */
export const isArrayOfNumbers = (value: unknown): boolean =>
  Array.isArray(value) || ArrayBuffer.isView(value);

export const anArrayOfNumbers = made<ArrayLike<number>>('an array of numbers', isArrayOfNumbers);

export const anAbortSignal = made<AbortSignal>(
  'an AbortSignal, such as new AbortController().signal',
  (value) => hasFields(value, { aborted: 'boolean', addEventListener: 'function' }),
);

/** Of a schema for lists: those in which nothing comes twice. */
export function distinct<Item extends z.ZodType>(list: z.ZodArray<Item>) {
  const message = 'each once';
  return list.refine((items) => new Set(items).size === items.length, {
    message,
    params: { legal: message },
  });
}

/** A schema for lists of names in which none comes twice. */
export const distinctNames = distinct(z.array(z.string()));

/** A schema for lists of whole numbers from 0 in which none comes twice. */
export const distinctWholes = distinct(z.array(z.int().min(0)).min(1));

/** Whether a value is a schema, made by any copy of zod: a scenario of a user's own brings another one than this. */
export const isSchema = (value: unknown): boolean =>
  typeof (value as { safeParse?: unknown } | null | undefined)?.safeParse === 'function';

/** A schema for functions. */
export const aFunction = <F>(legal = 'a function'): z.ZodType<F, F> =>
  made<F>(legal, (value) => typeof value === 'function');

/** Whether a value is an object that has these fields, each of the type named. */
export function hasFields(value: unknown, fields: Readonly<Record<string, string>>): boolean {
  return Object.entries(fields).every(
    ([name, type]) => typeof (value as Record<string, unknown>)[name] === type,
  );
}

/**
 * The value, parsed by a zod schema with its defaults filled in.
 * @throws InputError for the first problem: where it is, the value got, what is legal, and for an unknown key
 * the nearest legal one. `what` names the whole, such as `problem.json` or `configuration of boston`.
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw explain(innermost(parsed.error.issues[0]!), schema, value, what);
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, what: string): InputError {
  const where = issue.path.length === 0 ? what : `${formatPath(issue.path)} in ${what}`;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const legal = legalKeys(schema, issue.path);
    const full = formatPath([...issue.path, key]);
    return new InputError({
      what: `There is no setting "${full}" in ${what}`,
      got: key,
      legal: legal.join(', '),
      advice: didYouMean(key, legal),
    });
  }
  const got = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], value);
  if (got === undefined) return new InputError({ what: `${where} is missing`, legal: legalFrom(issue) });
  const options = issue.code === 'invalid_value' ? issue.values.map(String) : kindsOf(issue);
  return new InputError({
    what: `${where} ${whatIsWrong(issue)}`,
    got,
    legal: legalFrom(issue),
    advice: typeof got === 'string' ? didYouMean(got, options) : undefined,
  });
}

/** Where either of several forms would do: what is wrong with the one that fits furthest in, the first of equals. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inside = issue.errors
    .flatMap(([first]) => (first === undefined ? [] : [innermost(first)]))
    .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  const depth = Math.max(issue.path.length, ...inside.map(({ path }) => path.length));
  return depth === issue.path.length ? issue : inside.find(({ path }) => path.length === depth)!;
}

/** `model.layers[0].type` */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function legalFrom(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.join(', ');
    case 'too_small':
      if (issue.origin === 'string') return 'one character or more';
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'custom':
      return issue.params?.legal;
    case 'invalid_union':
      return kindsOf(issue).join(', ') || undefined;
    default:
      return undefined;
  }
}

/** Of a value that is one of several kinds by a word in it: the words that there are. Zod tells them in its message only. */
function kindsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return [];
  return [...issue.message.matchAll(/'([^']+)'/g)].map(([, kind]) => kind!);
}

/** What is wrong with a value, as the end of a sentence that begins with where it is. */
function whatIsWrong(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] === undefined ? 'is not legal' : `must be ${kinds[issue.expected]}`;
    case 'too_small': {
      const { origin, minimum, inclusive } = issue;
      if (origin === 'array') return `must have ${minimum} or more entries`;
      if (origin === 'string') return 'must not be empty';
      if (inclusive) return minimum === 0 ? 'must not be negative' : `must be at least ${minimum}`;
      return `must be above ${minimum}`;
    }
    case 'too_big': {
      const { origin, maximum, inclusive } = issue;
      if (origin === 'array') return `must have ${maximum} entries at the most`;
      return inclusive ? `must be at most ${maximum}` : `must be below ${maximum}`;
    }
    case 'custom':
      return issue.params?.legal === undefined ? `is not legal: ${issue.message}` : 'is not legal';
    case 'invalid_value':
      return 'is not legal';
    case 'invalid_union':
      return kindsOf(issue).length > 0 ? 'is not legal' : `is not legal: ${issue.message}`;
    default:
      return `is not legal: ${issue.message}`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  number: 'a finite number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

/** The keys that a schema knows at a path, of all its forms where it has several. */
function legalKeys(schema: z.ZodType | undefined, path: readonly PropertyKey[]): string[] {
  const part = unwrap(schema);
  if (part instanceof z.ZodUnion) {
    return [...new Set(part.options.flatMap((form) => legalKeys(form as z.ZodType, path)))];
  }
  const [key, ...rest] = path;
  if (part instanceof z.ZodObject) {
    return key === undefined ? Object.keys(part.shape) : legalKeys(part.shape[key as string], rest);
  }
  return part instanceof z.ZodArray && key !== undefined ? legalKeys(part.element as z.ZodType, rest) : [];
}

/** The schema inside defaults, optionals and the like. */
function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let part = schema;
  while (wrappers.some((wrapper) => part instanceof wrapper))
    part = (part as z.ZodOptional).unwrap() as z.ZodType;
  return part;
}

const wrappers = [z.ZodDefault, z.ZodOptional, z.ZodPrefault, z.ZodNullable, z.ZodReadonly];
