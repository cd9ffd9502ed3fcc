import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../src/core/checksum';
import { InputError } from '../../src/core/errors';
import { readFailure } from '../../src/core/file-failures';
import type { Batch } from '../../src/data/batch';
import { readTable } from '../../src/data/read-table';
import { standardiser } from '../../src/tasks/standardise';

/** The tasks of a folder: a table in each file. */
export interface FolderTasks {
  readonly tables: readonly Batch[];
  readonly targets: 'values' | 'classes';
  readonly classes: number;
  readonly checksum: string;
}

export interface FolderOptions {
  readonly folder: string;
  readonly target: string;
  readonly ignore: readonly string[];
}

/**
 * Reads every table of a folder, in the order of their names; inputs, and targets that are values, standardised by all of them together.
 * @throws InputError where there are fewer than three, they have no one form, or one cannot be read; with the file's name.
 */
export function readFolder({ folder, target, ignore }: FolderOptions): FolderTasks {
  const files = filesOf(folder);
  const read = files.map((file) => ({ file, ...named(file, () => readTable(file, { target, ignore })) }));
  const [first] = read;
  for (const { file, inputs, targets } of read) {
    const [form, others] = [
      `${targets}: ${inputs.join(', ')}`,
      `${first!.targets}: ${first!.inputs.join(', ')}`,
    ];
    if (form !== others)
      throw new InputError({
        what: `"${file}" has other columns than "${first!.file}"`,
        got: form,
        legal: others,
      });
  }
  const names = [...new Set(read.flatMap(({ classes }) => classes ?? []))].sort();
  const labelled = read.map(({ batch, classes }) =>
    classes === null ? batch : { ...batch, y: batch.y.map((label) => names.indexOf(classes[label]!)) },
  );
  return {
    tables: standardised(labelled, first!.targets),
    targets: first!.targets,
    classes: names.length,
    checksum: sha256(read.map(({ checksum }) => checksum).join()),
  };
}

function filesOf(folder: string): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch (error) {
    throw readFailure(folder, error);
  }
  const files = names.filter((name) => /\.(csv|tsv|txt|npy)$/i.test(name)).sort();
  if (files.length >= 3) return files.map((name) => path.join(folder, name));
  throw new InputError({
    what: `"${folder}" has too few tasks`,
    got: `${files.length} tables`,
    legal: '3 or more files .csv, .tsv, .txt or .npy, a task each',
  });
}

/** What tells that a file of a folder was changed: sizes and times. */
export function stateOf(folder: string): readonly unknown[] {
  return filesOf(folder).map((file) => {
    const { size, mtimeMs } = fs.statSync(file);
    return [file, size, mtimeMs];
  });
}

/** Whatever is wrong, with the file's name. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({ ...error.report, what: `"${path.basename(file)}": ${error.report.what}` });
  }
}

/** To mean 0 and variance 1 over the samples of all tables. */
function standardised(tables: readonly Batch[], targets: 'values' | 'classes'): Batch[] {
  const all = (part: 'x' | 'y') => Float64Array.from(tables.flatMap((table) => Array.from(table[part])));
  const samples = tables.reduce((sum, table) => sum + table.samples, 0);
  return tables.map(standardiser({ ...tables[0]!, samples, x: all('x'), y: all('y') }, targets));
}
