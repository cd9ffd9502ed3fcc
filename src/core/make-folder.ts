import fs from 'node:fs';
import path from 'node:path';
import { codeOf, writeFailure } from './file-failures';

/**
 * Makes a folder, and those above it that are missing. Node's own way of doing so never comes back below a folder that takes no new
 * ones, such as /proc.
 * @throws InputError where a file is in the way or the folder may not be made, MetaplastError where the disk refuses it.
 */
export function makeFolder(folder: string): void {
  try {
    const missing: string[] = [];
    for (let each = path.resolve(folder); !fs.existsSync(each); each = path.dirname(each))
      missing.unshift(each);
    for (const each of missing) makeOne(each);
    if (!fs.statSync(folder).isDirectory())
      throw Object.assign(new Error('EEXIST: it is no folder'), { code: 'EEXIST' });
  } catch (error) {
    throw writeFailure(folder, error);
  }
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error; // Another process was faster.
  }
}
