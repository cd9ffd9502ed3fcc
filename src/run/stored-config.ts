import { parseExpressionAt } from 'acorn';
import { z } from 'zod';
import { InputError } from '../core/errors';
import { validate } from '../core/validate';
import { formatJson } from './directory/format-json';
import { directoryFormat } from './directory/manifest';
import type { StoredRun } from './run-command';
import type { ScenarioSources } from './scenario/scenario-sources';
import { ownFileSchema, sourcesSchema } from './scenario/sources-schema';

/** What `config.json` holds: all that `resume` needs to make the same run again. */
export interface StoredConfig extends StoredRun {
  /** Of the run directory: see `directoryFormat`. */
  readonly format: number;
  /** Of metaplast. */
  readonly version: string;
  /** null goes by the clock. */
  readonly checkpointEvery: number | null;
  /** What the scenario was made of when the run began. */
  readonly sources: ScenarioSources;
}

/** What `config.json` is to hold. */
export const settingsText = (stored: StoredConfig): string => formatJson('config.json', stored);

const storedSchema = z.strictObject({
  format: z.literal(directoryFormat),
  scenario: z.string().min(1),
  preset: z.string().min(1),
  seed: z.int().min(0),
  version: z.string(),
  engine: z.string(),
  blas: z.string(),
  rules: z.string(),
  checkpointEvery: z.int().min(1).nullable(),
  file: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
  synapse: ownFileSchema,
  project: ownFileSchema,
  sources: sourcesSchema,
  command: z.string(),
});

/**
 * Settings as `config.json` or the manifest holds them.
 * @param file Its name, for messages.
 * @throws InputError for the first that is missing or not legal.
 */
export function checkStored(value: unknown, file: string): StoredConfig {
  return validate(storedSchema, value, file) as StoredConfig;
}

/** What an edit of `config.json` amounts to. */
export type SettingsEdit =
  /** The same settings, in another layout. */
  | { readonly kind: 'layout' }
  /** It cannot be read as settings. */
  | { readonly kind: 'unreadable'; readonly why: string }
  /** Settings that differ, with what they were and are; undefined where one was not there or is not. */
  | { readonly kind: 'changed'; readonly changes: readonly SettingChange[] };

interface SettingChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What was done to `config.json`, by its text as it is and the settings that the run began with. */
export function settingsEdit(text: string, settings: unknown): SettingsEdit {
  const bare = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(bare);
  } catch (error) {
    return { kind: 'unreadable', why: `it is no JSON: ${(error as Error).message}` };
  }
  const twice = repeatedKey(bare);
  if (twice !== null) return { kind: 'unreadable', why: `it names "${twice}" twice` };
  if (!isObject(value)) return { kind: 'unreadable', why: 'it holds no settings' };
  const changes = changesBetween(settings, value, '');
  return changes.length === 0 ? { kind: 'layout' } : { kind: 'changed', changes };
}

function changesBetween(from: unknown, to: unknown, path: string): SettingChange[] {
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return keys.flatMap((key) =>
      changesBetween(own(from, key), own(to, key), path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: Record<string, unknown>, key: string) =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** The first key that an object of a JSON text names twice, with its path; null where none does. */
function repeatedKey(json: string): string | null {
  const walk = (node: JsonNode, path: string): string | null => {
    if (node.type === 'ArrayExpression') {
      return first(node.elements, (element, i) => walk(element, `${path}[${i}]`));
    }
    if (node.type !== 'ObjectExpression') return null;
    const seen = new Set<string>();
    return first(node.properties, ({ key, value }) => {
      const here = path === '' ? String(key.value) : `${path}.${key.value}`;
      if (seen.has(key.value)) return here;
      seen.add(key.value);
      return walk(value, here);
    });
  };
  try {
    return walk(parseExpressionAt(json, 0, { ecmaVersion: 2022 }) as unknown as JsonNode, '');
  } catch {
    return '__proto__'; // The one key that the grammar itself refuses twice.
  }
}

/** What the parts of a JSON text are, as JavaScript's grammar calls them. */
type JsonNode =
  | { readonly type: 'ObjectExpression'; readonly properties: readonly JsonProperty[] }
  | { readonly type: 'ArrayExpression'; readonly elements: readonly JsonNode[] }
  | { readonly type: 'Literal' | 'UnaryExpression' };
interface JsonProperty {
  readonly key: { readonly value: string };
  readonly value: JsonNode;
}

function first<T>(all: readonly T[], found: (each: T, i: number) => string | null): string | null {
  for (const [i, each] of all.entries()) {
    const result = found(each, i);
    if (result !== null) return result;
  }
  return null;
}

/** The error for settings that were changed after the run began. */
export function settingsRefusal(file: string, edit: SettingsEdit, command: string): InputError {
  const restored = 'Put it back, or delete the file: a resume writes it anew as it was.';
  if (edit.kind !== 'changed') {
    const why = edit.kind === 'unreadable' ? edit.why : 'its bytes differ';
    return new InputError({ what: `"${file}" is not as the run wrote it: ${why}`, advice: restored });
  }
  const told = edit.changes.slice(0, mostTold).map(({ path, from, to }) => {
    if (from === undefined) return `"${path}" was added (${shown(to)})`;
    return to === undefined
      ? `"${path}" (${shown(from)}) was taken out`
      : `"${path}" from ${shown(from)} to ${shown(to)}`;
  });
  const more = edit.changes.length - told.length;
  return new InputError({
    what: `"${file}" was changed since the run began: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    advice: `A run keeps its settings to its end. ${restored} For other settings begin another run, from:\n  ${command}`,
  });
}

const mostTold = 3;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
