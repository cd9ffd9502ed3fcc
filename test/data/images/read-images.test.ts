import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '../../../src/core/errors';
import { readCifar10 } from '../../../src/data/images/cifar-10';
import { readFashionMnist, readMnist } from '../../../src/data/images/mnist';
import {
  cifarBatch,
  idx,
  idxImages,
  idxLabels,
  labelAt,
  makeTestFolder,
  pixelAt,
  smallMnist,
} from './small-files';

let test_: ReturnType<typeof makeTestFolder>;
beforeEach(() => {
  test_ = makeTestFolder();
  delete process.env.METAPLAST_DATA;
  jest.spyOn(process, 'cwd').mockReturnValue(test_.folder); // There may be data in this folder's ./data.
});
afterEach(() => {
  jest.restoreAllMocks();
  test_.remove();
});

/** What a reader throws, which must be typed. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('MNIST', () => {
  it('is read from packed files, pixels as bytes', () => {
    smallMnist(test_.write);
    const set = readMnist('train', { folder: test_.folder });
    expect(set).toMatchObject({ name: 'mnist train', shape: [1, 28, 28], count: 6 });
    expect(set.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect([...set.labels]).toEqual(Array.from({ length: 6 }, (_, i) => labelAt(i)));
    expect(set.pixels).toHaveLength(6 * 784);
    expect(set.pixels[5 * 784 + 29]).toBe(pixelAt(5, 29));
    expect(readMnist('test', { folder: test_.folder })).toMatchObject({ name: 'mnist test', count: 4 });
  });

  it('is read from files that are not packed, and from a packed one whose name does not say so', () => {
    test_.write('train-images-idx3-ubyte', gzipSync(idxImages(3)));
    test_.write('train-labels-idx1-ubyte.gz', idxLabels(3));
    expect(readMnist('train', { folder: test_.folder }).count).toBe(3);
  });

  it('of clothes is in its own folder, with its own classes', () => {
    smallMnist((name, bytes) => test_.write(`fashion-mnist/${name}`, bytes));
    process.env.METAPLAST_DATA = test_.folder;
    try {
      const set = readFashionMnist('test');
      expect([set.name, set.classes[0], set.classes[9]]).toEqual([
        'fashion-mnist test',
        't-shirt/top',
        'ankle boot',
      ]);
      expect(refusal(() => readMnist('test'))).toContain('metaplast data get mnist');
    } finally {
      delete process.env.METAPLAST_DATA;
    }
  });

  const whole = idxImages(3);
  const labels = idxLabels(3);
  const packed = gzipSync(whole);
  const corrupted = Buffer.from(packed);
  corrupted[packed.length - 6]! ^= 0xff; // within its checksum
  it.each<[string, Buffer, RegExp]>([
    ['is empty', Buffer.alloc(0), /is empty\. Got "0 bytes"/],
    [
      'has the magic number of labels',
      idx(2049, [3], [1, 2, 3]),
      /first four bytes are wrong\. Got 2049\. Legal: 2051/,
    ],
    ['is a web page', Buffer.from('<html>404</html>'), /first four bytes are wrong/],
    [
      'ends within its first bytes',
      whole.subarray(0, 3),
      /ends within its header\. Got "3 bytes"\. Legal: a header of 16/,
    ],
    ['ends within its header', whole.subarray(0, 10), /ends within its header\. Got "10 bytes"/],
    [
      'is one byte short',
      whole.subarray(0, -1),
      /ends too early\. Got "2367 bytes unpacked"\. Legal: 2368 bytes/,
    ],
    ['is one byte long', Buffer.concat([whole, Buffer.alloc(1)]), /goes on behind its end\. Got "2369 bytes/],
    ['has no images', idx(2051, [0, 28, 28], []), /has no images/],
    [
      'has images of another size',
      idx(2051, [1, 32, 32], new Uint8Array(1024)),
      /another size\. Got "32 rows, 32 columns"/,
    ],
    [
      'says it has four thousand million images',
      idx(2051, [0xffffffff, 0xffffffff, 0xffffffff], [1]),
      /ends too early/,
    ],
    ['is cut within gzip', packed.subarray(0, -9), /cannot be unpacked: unexpected end of file/],
    ['is corrupted within gzip', corrupted, /cannot be unpacked: incorrect data check/],
    [
      'has something behind gzip',
      Buffer.concat([packed, Buffer.alloc(4)]),
      /behind what gzip packed\. Got "4 bytes too many"/,
    ],
    [
      'unpacks to more than it may',
      gzipSync(Buffer.alloc(60_000_000)),
      /larger than such a file can be\. Got "more than 47040016/,
    ],
    [
      'is larger than it may',
      Buffer.alloc(48_000_000),
      /larger than such a file can be\. Got "48000000 bytes"/,
    ],
  ])('is refused where a file %s, with what to do', (_what, bytes, message) => {
    const file = test_.write('train-images-idx3-ubyte.gz', bytes);
    test_.write('train-labels-idx1-ubyte', labels);
    const told = refusal(() => readMnist('train', { folder: test_.folder }));
    expect(told).toMatch(message);
    expect(told).toContain(file);
    expect(told).toMatch(/metaplast data verify mnist.*metaplast data get mnist/);
  });

  it('is refused where a label names no class, or labels and images are not as many', () => {
    test_.write('train-images-idx3-ubyte', whole);
    const read = () => readMnist('train', { folder: test_.folder });
    test_.write('train-labels-idx1-ubyte', idx(2049, [3], [1, 10, 2]));
    expect(refusal(read)).toMatch(
      /Label 1 of ".*train-labels-idx1-ubyte" names no class\. Got 10\. Legal: 0 to 9/,
    );
    test_.write('train-labels-idx1-ubyte', idxLabels(2));
    expect(refusal(read)).toMatch(/does not belong to ".*images.*"\. Got "2 labels"\. Legal: 3/);
    fs.rmSync(path.join(test_.folder, 'train-labels-idx1-ubyte'));
    expect(refusal(read)).toMatch(/train-labels-idx1-ubyte" is missing.*metaplast data get mnist/);
  });
});

describe('CIFAR-10', () => {
  it('is read from whichever batches are there, in order of their numbers, and its name says which', () => {
    test_.write('data_batch_4.bin', cifarBatch(3, 100));
    test_.write('data_batch_2.bin.gz', gzipSync(cifarBatch(2, 50)));
    test_.write('test_batch.bin.gz', gzipSync(cifarBatch(1, 7)));
    const set = readCifar10('train', { folder: test_.folder });
    expect(set).toMatchObject({ name: 'cifar-10 train, batches 2, 4 of 5', shape: [3, 32, 32], count: 5 });
    expect([...set.labels]).toEqual([50, 51, 100, 101, 102].map(labelAt));
    expect([set.pixels[0], set.pixels[2 * 3072 + 1024]]).toEqual([pixelAt(50, 0), pixelAt(100, 1024)]);
    expect(set.pixels.buffer.byteLength).toBe(5 * 3072);
    expect(readCifar10('test', { folder: test_.folder })).toMatchObject({ name: 'cifar-10 test', count: 1 });
  });

  it('of all five batches has no more to say, and is found where its archive unpacks', () => {
    for (let batch = 1; batch <= 5; batch++)
      test_.write(`cifar-10-batches-bin/data_batch_${batch}.bin`, cifarBatch(1, batch));
    expect(readCifar10('train', { folder: test_.folder })).toMatchObject({
      name: 'cifar-10 train',
      count: 5,
    });
  });

  it.each<[string, Buffer, RegExp]>([
    ['is empty', Buffer.alloc(0), /is empty/],
    ['is packed and empty', gzipSync(Buffer.alloc(0)), /ends within a record\. Got "0 bytes unpacked"/],
    [
      'ends within a record',
      cifarBatch(2).subarray(0, -1),
      /ends within a record\. Got "6145 bytes unpacked"\. Legal: a multiple of 3073/,
    ],
    [
      'has a label that names no class',
      Buffer.concat([cifarBatch(1), Buffer.alloc(3073, 10)]),
      /label of record 1 of .* Got 10\. Legal: 0 to 9/,
    ],
    ['unpacks to more than it may', gzipSync(Buffer.alloc(40_000_000)), /Got "more than 30730000 bytes"/],
  ])('is refused where a batch %s, with what to do', (_what, bytes, message) => {
    const file = test_.write('data_batch_1.bin.gz', bytes);
    const told = refusal(() => readCifar10('train', { folder: test_.folder }));
    expect(told).toMatch(message);
    expect(told).toContain(file);
    expect(told).toMatch(/metaplast data verify cifar-10.*metaplast data get cifar-10/);
  });
});

describe('without the data, the error names where it was looked for and the command that gets it:', () => {
  it.each<[string, () => unknown]>([
    ['mnist', () => readMnist('train')],
    ['fashion-mnist', () => readFashionMnist('test')],
    ['cifar-10', () => readCifar10('train')],
    ['cifar-10', () => readCifar10('test')],
  ])('%s', (name, read) => {
    process.env.METAPLAST_DATA = test_.folder;
    try {
      const told = refusal(read);
      expect(told).toContain(`"${path.join(test_.folder, name)}" or "${path.resolve('data', name)}"`);
      expect(told).toContain(`metaplast data get ${name}`);
    } finally {
      delete process.env.METAPLAST_DATA;
    }
    expect(refusal(read)).toContain('(METAPLAST_DATA is not set)');
  });

  it('a part that is missing', () => {
    test_.write('test_batch.bin', cifarBatch(1));
    expect(refusal(() => readCifar10('train', { folder: test_.folder }))).toMatch(
      /data_batch_1.bin" is missing.*metaplast data get cifar-10/,
    );
  });
});
