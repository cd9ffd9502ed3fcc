import { z } from 'zod';
import { InputError } from './errors';
import { didYouMean } from './nearest';

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
  const options = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return new InputError({
    what: `${where} is not legal: ${issue.message}`,
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
      return expectations[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.join(', ');
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${issue.origin === 'array' ? ' entries' : ''}`;
    default:
      return undefined;
  }
}

const expectations: Readonly<Record<string, string>> = {
  number: 'a finite number',
  int: 'a whole number',
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
