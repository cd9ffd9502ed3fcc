import { InputError } from './errors';

/** What makes a value again, in another thread or on another machine: an export of one of the package's modules. */
export interface Origin {
  /** Its path from the package's root, without its ending: `src/learning/optimizers`. */
  readonly module: string;
  readonly name: string;
  /** What the export is called with; null where it is the value itself. */
  readonly given: readonly unknown[] | null;
}

/** A value as JSON: what is no plain data is described by its origin. */
export type Description = unknown;

/** On the value itself, so that another copy of the package finds it as well; not enumerable, so that no copy of the value has it. */
const key = Symbol.for('metaplast: origin');

/** Notes on a value what makes it again; on one that nobody can change it notes nothing. */
export function madeBy<Value extends object>(
  module: string,
  name: string,
  given: readonly unknown[] | null,
  value: Value,
): Value {
  const origin: Origin = { module, name, given };
  if (!Object.isExtensible(value)) return value;
  return Object.defineProperty(value, key, { value: origin, configurable: true });
}

/** The origin of a value; undefined where nothing is known to make it again. */
export function originOf(value: object): Origin | undefined {
  return (value as { [key]?: Origin })[key];
}

/** Notes on a value that it is made as another one is. */
export function madeAlike<Value extends object>(value: Value, other: object): Value {
  const origin = originOf(other);
  return origin === undefined ? value : madeBy(origin.module, origin.name, origin.given, value);
}

/**
 * A value as JSON that `remake` reads.
 * @param what what it is, for the error: `learner`
 * @throws InputError where a part is neither plain data nor of a known origin, naming it.
 */
export function describe(value: unknown, what: string): Description {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: spelled(value) };
    case 'undefined':
      return { $undefined: true };
    case 'object':
      return value === null ? null : describeObject(value, what);
    default:
      throw unknownOrigin(what, `a ${typeof value}`);
  }
}

function describeObject(value: object, what: string): Description {
  const origin = originOf(value);
  if (origin !== undefined) {
    const { module, name, given } = origin;
    const called = given?.map((one, i) => describe(one, given.length === 1 ? what : `${what}[${i}]`));
    return { $made: called === undefined ? { module, name } : { module, name, given: called } };
  }
  if (Array.isArray(value)) return value.map((one, i) => describe(one, `${what}[${i}]`));
  if (value instanceof Float64Array) return { $float64: Array.from(value, (one) => describe(one, what)) };
  const prototype = Object.getPrototypeOf(value);
  // By form, since a test or a sandbox may have an Object of its own.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw unknownOrigin(what, `a ${prototype.constructor?.name ?? 'thing'}`);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const marked = entries.find(([name]) => name.startsWith('$'));
  if (marked !== undefined) throw unknownOrigin(`${what}.${marked[0]}`, 'a name that begins with $');
  return Object.fromEntries(entries.map(([name, one]) => [name, describe(one, `${what}.${name}`)]));
}

const spelled = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function unknownOrigin(what: string, got: string): InputError {
  return new InputError({
    what: `${what} cannot be made again in another thread`,
    got,
    legal: 'plain data, what functions of metaplast have made, and what fromModule() has made',
    advice: 'Put what makes it into a module of its own, and make it by fromModule(file, name, settings)',
  });
}
