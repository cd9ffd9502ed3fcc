import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of IDX: its magic number, its counts, its bytes. */
export function idx(magic: number, counts: readonly number[], content: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * counts.length);
  [magic, ...counts].forEach((value, i) => {
    header.writeUInt32BE(value, 4 * i);
  });
  return Buffer.concat([header, Uint8Array.from(content)]);
}

/** Pixel p of image i in the files made here; each image has others. */
export const pixelAt = (image: number, pixel: number): number => (image * 31 + pixel * 7) % 256;

export const labelAt = (image: number): number => (image * 3) % 10;

const images = (count: number, pixels: number): number[] =>
  Array.from({ length: count * pixels }, (_, i) => pixelAt(Math.floor(i / pixels), i % pixels));

export const idxImages = (count: number): Buffer => idx(2051, [count, 28, 28], images(count, 784));
export const idxLabels = (count: number): Buffer =>
  idx(
    2049,
    [count],
    Array.from({ length: count }, (_, i) => labelAt(i)),
  );

/** Records of CIFAR-10; the images are numbered from `first` on. */
export function cifarBatch(count: number, first = 0): Buffer {
  const records = Array.from({ length: count }, (_, i) =>
    Buffer.from([labelAt(first + i), ...Array.from({ length: 3072 }, (_p, p) => pixelAt(first + i, p))]),
  );
  return Buffer.concat(records);
}

/** A folder for the files of one test. */
export function makeTestFolder(): {
  folder: string;
  write: (name: string, bytes: Uint8Array) => string;
  remove: () => void;
} {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-images-'));
  const write = (name: string, bytes: Uint8Array): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    return file;
  };
  return { folder, write, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Both parts of MNIST, packed. */
export function smallMnist(write: (name: string, bytes: Uint8Array) => void, train = 6, test = 4): void {
  for (const [prefix, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    write(`${prefix}-images-idx3-ubyte.gz`, gzipSync(idxImages(count)));
    write(`${prefix}-labels-idx1-ubyte.gz`, gzipSync(idxLabels(count)));
  }
}
