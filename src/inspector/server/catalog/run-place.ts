import path from 'node:path';
import type { Enclosure } from '../files/enclosure';

/** Where a run, or a study, lies. */
export interface Place {
  readonly id: string;
  /** From the served folder on. */
  readonly relative: string;
  readonly enclosure: Enclosure;
}

/** The path of a file of it, from the served folder on. */
export const fileOf = ({ relative }: Place, file: string): string => path.join(relative, file);

/** The path that the system knows it by. */
export const systemPath = ({ relative, enclosure }: Place, file = ''): string =>
  path.join(enclosure.root, relative, file);
