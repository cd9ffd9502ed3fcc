import { InputError } from '../../core/errors';
import { fashionMnist, mnist } from '../sets/catalogue';
import { fileOf, openDataSet } from '../sets/data-folder';
import type { DataSet } from '../sets/data-set';
import { readIdxImages, readIdxLabels } from './idx';
import { type ImageSet, makeImageSet } from './image-set';
import { checkReading, type ImagePart, type ReadImages } from './reading';

const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
const clothes = [
  ...['t-shirt/top', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag'],
  'ankle boot',
];

/** How the files of both parts begin, and how many images each has at the most. */
const parts = { train: { prefix: 'train', most: 60_000 }, test: { prefix: 't10k', most: 10_000 } } as const;

/**
 * MNIST's handwritten digits, 28 x 28 pixels (0 paper, 255 ink): 60,000 to train, 10,000 to test. Reads the IDX files in the folder `mnist`
 * of METAPLAST_DATA, or of `./data`, packed by gzip or not.
 * @throws InputError where they are missing (with the command that gets them), not whole, or do not belong together.
 */
export function readMnist(part: ImagePart, options: ReadImages = {}): ImageSet {
  return readPart(mnist, digits, part, options);
}

/**
 * Fashion-MNIST's articles of clothing, in the form of `readMnist`: 60,000 to train, 10,000 to test, from the folder `fashion-mnist`.
 * @throws InputError where they are missing (with the command that gets them), not whole, or do not belong together.
 */
export function readFashionMnist(part: ImagePart, options: ReadImages = {}): ImageSet {
  return readPart(fashionMnist, clothes, part, options);
}

function readPart(set: DataSet, classes: readonly string[], part: ImagePart, options: ReadImages): ImageSet {
  checkReading(part, options);
  const folder = openDataSet(set, options.folder);
  const { prefix, most } = parts[part];
  const imageFile = fileOf(set, folder, `${prefix}-images-idx3-ubyte`);
  const labelFile = fileOf(set, folder, `${prefix}-labels-idx1-ubyte`);
  const { count, pixels } = readIdxImages(imageFile, { rows: 28, columns: 28, most });
  const labels = readIdxLabels(labelFile, classes.length, most);
  if (labels.length !== count) {
    throw new InputError({
      what: `"${labelFile.path}" does not belong to "${imageFile.path}"`,
      got: `${labels.length} labels`,
      legal: `${count}, one for each image`,
      advice: labelFile.advice,
    });
  }
  return makeImageSet({ name: `${set.name} ${part}`, classes, shape: [1, 28, 28], count, pixels, labels });
}
