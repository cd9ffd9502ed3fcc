import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { channelStatistics } from '../../../src/data/images/channel-statistics';
import { readCifar10 } from '../../../src/data/images/cifar-10';
import { readMnist } from '../../../src/data/images/mnist';
import { cifar10, mnist } from '../../../src/data/sets/catalogue';
import { findDataSet } from '../../../src/data/sets/data-folder';
import { getDataSet } from '../../../src/data/sets/get-data-set';
import { verifyDataSet } from '../../../src/data/sets/verify';
import { serve } from '../sets/file-server';
import { makeTestFolder } from './small-files';

// These need the published files: set METAPLAST_DATA to a folder that has mnist and cifar-10. Without it they are skipped.
const [mnistFolder, cifarFolder] = process.env.METAPLAST_DATA
  ? [findDataSet(mnist), findDataSet(cifar10)]
  : [];
const withMnist = mnistFolder === undefined ? describe.skip : describe;
const withCifar = cifarFolder === undefined ? describe.skip : describe;

const countsOf = (labels: Uint8Array): number[] =>
  Array.from({ length: 10 }, (_, label) => labels.filter((each) => each === label).length);

withMnist('MNIST as published (skipped where METAPLAST_DATA has none)', () => {
  it('has 60,000 and 10,000 digits, beginning with 5 0 4 and 7 2 1', () => {
    const [train, test] = [readMnist('train'), readMnist('test')];
    expect([train.count, test.count]).toEqual([60_000, 10_000]);
    expect([[...train.labels.subarray(0, 3)], [...test.labels.subarray(0, 3)]]).toEqual([
      [5, 0, 4],
      [7, 2, 1],
    ]);
    // The figures by which everybody normalises: 0.1307 and 0.3081.
    const { mean, deviation } = channelStatistics(train);
    expect([mean[0]!.toFixed(4), deviation[0]!.toFixed(4)]).toEqual(['0.1307', '0.3081']);
  });

  const isPacked = mnist.downloads.every(({ name }) => fs.existsSync(path.join(mnistFolder ?? '', name)));
  (isPacked ? it : it.skip)('is fetched whole from a server that breaks the connection once', async () => {
    const files = Object.fromEntries(
      mnist.downloads.map(({ name }) => [name, fs.readFileSync(path.join(mnistFolder!, name))]),
    );
    const server = await serve(files, { cutAfter: (request) => (request === 0 ? 1_000_000 : undefined) });
    const { folder, remove } = makeTestFolder();
    try {
      await getDataSet({ ...mnist, address: server.address }, folder, { pause: 1 });
      expect(server.seen[1]!.range).toBe('bytes=1000000-');
      expect((await verifyDataSet(mnist, folder)).state).toBe('whole');
    } finally {
      await server.close();
      remove();
    }
  });
});

withCifar('CIFAR-10 as published (skipped where METAPLAST_DATA has none)', () => {
  it('is whole, and its batches have the records a class that are known of them', async () => {
    expect((await verifyDataSet(cifar10, cifarFolder)).state).toBe('whole');
    const train = readCifar10('train');
    expect(countsOf(train.labels.subarray(0, 10_000))).toEqual([
      1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981,
    ]);
    expect(countsOf(readCifar10('test').labels)).toEqual(new Array(10).fill(1000));
  });

  it('has the bytes of its batch: put back into records, they have the published checksum', () => {
    const { pixels, labels } = readCifar10('test');
    const hash = createHash('md5');
    labels.forEach((label, i) => {
      hash.update(Uint8Array.of(label)).update(pixels.subarray(i * 3072, (i + 1) * 3072));
    });
    expect(hash.digest('hex')).toBe('803d5f7f4d78ea53de84dbe85f74fb6d');
  });

  it('has the statistics known of all 50,000, within what its first batch allows', () => {
    const train = readCifar10('train');
    const { mean, deviation } = channelStatistics(train);
    // The mean brightness of an image varies by some 0.12 from image to image: of 10,000 images, the mean is off by 0.0012 (one standard
    // error, less where more batches are there); four of them. Deviations vary less.
    [0.49139968, 0.48215841, 0.44653091].forEach((known, channel) => {
      expect(Math.abs(mean[channel]! - known)).toBeLessThan(0.005);
    });
    [0.24703223, 0.24348513, 0.26158784].forEach((known, channel) => {
      expect(Math.abs(deviation[channel]! - known)).toBeLessThan(0.005);
    });
  });
});
