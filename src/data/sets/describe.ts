import fs from 'node:fs';
import { findDataSet, findFile } from './data-folder';
import type { DataSet } from './data-set';

/** A data set as it is here. */
export interface DescribedDataSet {
  readonly name: string;
  readonly title: string;
  /** Where it is; null where it is missing. */
  readonly folder: string | null;
  readonly files: readonly {
    readonly name: string;
    readonly path: string | null;
    readonly bytes: number | null;
  }[];
  /** Of the files that are here. */
  readonly bytes: number;
  /** Bytes that there are to fetch in all. */
  readonly download: number;
  readonly licence: string;
  readonly source: string;
  readonly address: string;
}

/** What there is of a data set, by the names and lengths of files alone. */
export function describeDataSet(set: DataSet): DescribedDataSet {
  const { name, title, licence, source, address } = set;
  const folder = findDataSet(set) ?? null;
  const files = set.files.map((file) => {
    const path = folder === null ? null : (findFile(folder, file.name) ?? null);
    return { name: file.name, path, bytes: path === null ? null : fs.statSync(path).size };
  });
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  const download = set.downloads.reduce((sum, each) => sum + each.bytes, 0);
  return { name, title, folder, files, bytes, download, licence, source, address };
}
