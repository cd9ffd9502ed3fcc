import { InputError } from '../../core/errors';
import { cifar10 } from '../sets/catalogue';
import { fileOf, findFile, missingFile, openDataSet } from '../sets/data-folder';
import { type ImageSet, makeImageSet } from './image-set';
import { checkReading, type ImagePart, type ReadImages } from './reading';
import { type DataFile, readUnpacked } from './unpacked-file';

const classes = [
  ...['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
] as const;
const pixelBytes = 3 * 32 * 32;
/** A label, then the red, the green and the blue plane, each row by row. */
const recordBytes = 1 + pixelBytes;
const recordsOfBatch = 10_000;
const trainingBatches = [1, 2, 3, 4, 5] as const;

/**
 * CIFAR-10's photographs, 32 x 32 pixels in red, green and blue: 50,000 to train in five batches, 10,000 to test. Reads the binary batches in
 * the folder `cifar-10` of METAPLAST_DATA, or of `./data`, packed by gzip or not. Of the training batches those that are there are read, in
 * order; the set's name says which, where it is not all five.
 * @throws InputError where there are none (with the command that gets them), or one is not whole.
 */
export function readCifar10(part: ImagePart, options: ReadImages = {}): ImageSet {
  checkReading(part, options);
  const folder = openDataSet(cifar10, options.folder);
  if (part === 'test') return joined('cifar-10 test', [fileOf(cifar10, folder, 'test_batch.bin')]);
  const there = trainingBatches.filter((batch) => findFile(folder, batchName(batch)) !== undefined);
  if (there.length === 0) throw missingFile(cifar10, folder, batchName(1));
  const files = there.map((batch) => fileOf(cifar10, folder, batchName(batch)));
  const which = `${there.length === 1 ? 'batch' : 'batches'} ${there.join(', ')} of ${trainingBatches.length}`;
  const isWhole = there.length === trainingBatches.length;
  return joined(isWhole ? 'cifar-10 train' : `cifar-10 train, ${which}`, files);
}

const batchName = (batch: number): string => `data_batch_${batch}.bin`;

/** The images of all files, in order. Of what is unpacked, one file at a time is in memory. */
function joined(name: string, files: readonly DataFile[]): ImageSet {
  const most = files.length * recordsOfBatch;
  const pixels = new Uint8Array(most * pixelBytes);
  const labels = new Uint8Array(most);
  let count = 0;
  for (const file of files) {
    const records = readRecords(file);
    for (let from = 0; from < records.length; from += recordBytes, count++) {
      labels[count] = records[from]!;
      pixels.set(records.subarray(from + 1, from + recordBytes), count * pixelBytes);
    }
  }
  const shape = [3, 32, 32] as const;
  if (count === most) return makeImageSet({ name, classes, shape, count, pixels, labels });
  const [some, theirs] = [pixels.slice(0, count * pixelBytes), labels.slice(0, count)];
  return makeImageSet({ name, classes, shape, count, pixels: some, labels: theirs });
}

/** The bytes of a batch. @throws InputError where they are no whole records, or a label names no class. */
function readRecords(file: DataFile): Uint8Array {
  const records = readUnpacked(file, recordsOfBatch * recordBytes);
  if (records.length === 0 || records.length % recordBytes !== 0) {
    throw new InputError({
      what: `"${file.path}" ends within a record`,
      got: `${records.length} bytes unpacked`,
      legal: `a multiple of ${recordBytes} (a label, then 3 x 32 x 32 pixels), up to ${recordsOfBatch * recordBytes}`,
      advice: file.advice,
    });
  }
  for (let from = 0; from < records.length; from += recordBytes) {
    if (records[from]! < classes.length) continue;
    throw new InputError({
      what: `The label of record ${from / recordBytes} of "${file.path}" names no class`,
      got: records[from],
      legal: `0 to ${classes.length - 1}`,
      advice: file.advice,
    });
  }
  return records;
}
