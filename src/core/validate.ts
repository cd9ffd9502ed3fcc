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
  throw explain(parsed.error.issues[0]!, schema, value, what);
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
      return issue.expected === 'number' ? 'a finite number' : issue.expected;
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

/** The keys that an object schema knows at a path. */
function legalKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let part: z.ZodType | undefined = unwrap(schema);
  for (const key of path) {
    if (part instanceof z.ZodObject) part = unwrap(part.shape[key as string] as z.ZodType | undefined);
    else if (part instanceof z.ZodArray) part = unwrap(part.element as z.ZodType);
    else return [];
  }
  return part instanceof z.ZodObject ? Object.keys(part.shape) : [];
}

/** The schema inside defaults, optionals and the like. */
function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let part = schema;
  while (part instanceof z.ZodDefault || part instanceof z.ZodOptional || part instanceof z.ZodPrefault) {
    part = part.unwrap() as z.ZodType;
  }
  return part;
}
