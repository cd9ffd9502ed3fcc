import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../../../core/errors';
import { codeOf, readFailure } from '../../../core/file-failures';
import { didYouMean } from '../../../core/nearest';
import { validate } from '../../../core/validate';
import { packageFolder } from '../../../run/directory/environment';
import { type Axis, parseAxis } from '../../plan/axis';

const values = z.array(z.unknown()).min(1);
const axis = z.union(
  [
    values,
    z.string(),
    z.strictObject({ values: z.union([values, z.string()]), with: z.array(z.string().min(1)).min(1) }),
  ],
  {
    error:
      'a list of values, a text such as "loguniform(1e-4..1e-1)", or { "values": ..., "with": ["another.setting"] }',
  },
);

const spaceSchema = z.strictObject({
  title: z.string(),
  /** The scenario that it is a space of; any where left out. */
  scenario: z.string().optional(),
  preset: z.string().optional(),
  /** What is set for all trials. */
  set: z.record(z.string(), z.unknown()).default({}),
  sweep: z.record(z.string(), axis),
  /** How many are drawn where nobody says; all combinations where left out. */
  samples: z.int().min(1).optional(),
  metric: z.string().optional(),
  /** What was found best, by those whose space it is. */
  best: z.record(z.string(), z.unknown()).optional(),
  notes: z.array(z.string()).default([]),
});

/** A search space as its file holds it. */
export interface SearchSpace extends Omit<z.output<typeof spaceSchema>, 'sweep'> {
  readonly name: string;
  readonly axes: readonly Axis[];
}

/** The folder of the spaces that come with metaplast. */
const readyFolder = (): string => path.join(packageFolder(), 'search-spaces');

/** The names of the spaces that come with metaplast. */
export function readySpaces(): string[] {
  const files = fs.readdirSync(readyFolder()).filter((file) => file.endsWith('.json'));
  return files.map((file) => path.basename(file, '.json')).sort();
}

/**
 * The search space of a name, such as `s1`, or of a file.
 * @throws InputError where there is none, or it is not legal.
 */
export function readSpace(given: string): SearchSpace {
  const isFile = /[/\\]|\.json$/i.test(given);
  if (!isFile && !readySpaces().includes(given))
    throw new InputError({
      what: 'There is no such search space (--space)',
      got: given,
      legal: `${readySpaces().join(', ')}, or the path of a file such as ./my-space.json`,
      advice: didYouMean(given, readySpaces()),
    });
  const file = isFile ? given : path.join(readyFolder(), `${given}.json`);
  const { sweep, ...space } = validate(spaceSchema, jsonIn(file, given), `the search space ${given}`);
  const name = path.basename(file).replace(/\.json$/i, '');
  return { ...space, name, axes: Object.entries(sweep).map(([setting, swept]) => axisOf(setting, swept)) };
}

function axisOf(setting: string, swept: z.output<typeof axis>): Axis {
  if (typeof swept === 'string') return parseAxis(`${setting}=${swept}`);
  if (Array.isArray(swept)) {
    const as = swept.map((value) => JSON.stringify(value)).join(',');
    return { ...parseAxis(`${setting}=${as}`), as };
  }
  const { values, with: tied } = swept as { values: unknown[] | string; with: string[] };
  return { ...axisOf(setting, values), with: tied };
}

function jsonIn(file: string, given: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      throw new InputError({
        what: 'The file of the search space (--space) does not exist',
        got: given,
        legal: `a file such as ./my-space.json, or ${readySpaces().join(', ')}`,
      });
    throw readFailure(file, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError({
      what: `The search space "${given}" (--space) is no JSON: ${(error as Error).message}`,
    });
  }
}
