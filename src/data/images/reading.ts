import { z } from 'zod';
import { validate } from '../../core/validate';

const imagePart = z.enum(['train', 'test']);

/** Which images of a data set: those to learn from, or those to judge by. */
export type ImagePart = 'train' | 'test';

/** Where images are read from. */
export interface ReadImages {
  /** The folder with the data set's files. Where left out: the folder of its name in METAPLAST_DATA, or else in `./data`. */
  readonly folder?: string;
}

const readImages = z.strictObject({ folder: z.string().min(1).optional() });

/** @throws InputError where there is no such part or option. */
export function checkReading(part: ImagePart, options: ReadImages): void {
  validate(imagePart, part, 'the part of the images');
  validate(readImages, options, 'the options of reading images');
}
