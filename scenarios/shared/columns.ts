import { z } from 'zod';

/** Settings that say what of a table is learned. */
export const columnSettings = {
  target: z.string().default('').describe('the column to be learned, by its name (of .npy, its number)'),
  ignore: z.string().default('').describe('columns to leave out, with commas'),
};

/** The columns that such a text names. */
export const columnsIn = (text: string): string[] =>
  text === '' ? [] : text.split(',').map((name) => name.trim());
