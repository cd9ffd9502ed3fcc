import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import type { DataSet, DataSetFile, Download, Sums } from './data-set';

/** A file of IDX: what it is unpacked, and as it is published. */
type IdxFile = readonly [
  name: string,
  unpacked: Sums,
  packed: { readonly bytes: number; readonly md5: string },
];

function idxDataSet(files: readonly IdxFile[]): { files: DataSetFile[]; downloads: Download[] } {
  return {
    files: files.map(([name, unpacked, packed]) => ({ name, sums: [unpacked], packed, needed: true })),
    downloads: files.map(([name, , packed]) => ({ ...packed, name: `${name}.gz`, brings: [name] })),
  };
}

export const mnist: DataSet = {
  name: 'mnist',
  title: 'handwritten digits, 28 x 28: 60,000 to train, 10,000 to test',
  ...idxDataSet([
    [
      'train-images-idx3-ubyte',
      { bytes: 47_040_016, md5: '6bbc9ace898e44ae57da46a324031adb' },
      { bytes: 9_912_422, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
    ],
    [
      'train-labels-idx1-ubyte',
      { bytes: 60_008, md5: 'a25bea736e30d166cdddb491f175f624' },
      { bytes: 28_881, md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
    ],
    [
      't10k-images-idx3-ubyte',
      { bytes: 7_840_016, md5: '2646ac647ad5339dbf082846283269ea' },
      { bytes: 1_648_877, md5: '9fb629c4189551a2d022fa330f9573f3' },
    ],
    [
      't10k-labels-idx1-ubyte',
      { bytes: 10_008, md5: '27ae3e4e09519cfbb04c329615203637' },
      { bytes: 4_542, md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
    ],
  ]),
  address: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
  licence: 'copyright Y. LeCun and C. Cortes; commonly redistributed as CC BY-SA 3.0',
  source: 'LeCun, Cortes, Burges: The MNIST database of handwritten digits',
};

/** No checksums of the unpacked files are published. */
const unpackedLength = (bytes: number): Sums => ({ bytes, md5: null });

export const fashionMnist: DataSet = {
  name: 'fashion-mnist',
  title: 'articles of clothing, 28 x 28: 60,000 to train, 10,000 to test',
  ...idxDataSet([
    [
      'train-images-idx3-ubyte',
      unpackedLength(47_040_016),
      { bytes: 26_421_880, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
    ],
    [
      'train-labels-idx1-ubyte',
      unpackedLength(60_008),
      { bytes: 29_515, md5: '25c81989df183df01b3e8a0aad5dffbe' },
    ],
    [
      't10k-images-idx3-ubyte',
      unpackedLength(7_840_016),
      { bytes: 4_422_102, md5: 'bef4ecab320f06d8554ea6380940ec79' },
    ],
    [
      't10k-labels-idx1-ubyte',
      unpackedLength(10_008),
      { bytes: 5_148, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
    ],
  ]),
  address: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  licence: 'MIT, copyright 2017 Zalando SE',
  source: 'Xiao, Rasul, Vollgraf: Fashion-MNIST, arXiv:1708.07747',
};

const batchBytes = 30_730_000;
const batches: readonly (readonly [name: string, md5: string, needed: boolean])[] = [
  ['data_batch_1.bin', '5dd7e06a14cb22eb9f671a540d1b7c25', true],
  ['data_batch_2.bin', '5ea93a67294ea407fff1d09f752e9692', false],
  ['data_batch_3.bin', '942cd6a4bcdd0dd3c604fbe906cb4421', false],
  ['data_batch_4.bin', 'ae636b3ba5c66a11e91e8cb52e771fcb', false],
  ['data_batch_5.bin', '53f37980c15c3d472c316c40844f3f0d', false],
  ['test_batch.bin', '803d5f7f4d78ea53de84dbe85f74fb6d', true],
];

export const cifar10: DataSet = {
  name: 'cifar-10',
  title: 'photographs of ten kinds of things, 3 x 32 x 32: 50,000 to train in five batches, 10,000 to test',
  files: batches.map(([name, md5, needed]) => ({ name, sums: [{ bytes: batchBytes, md5 }], needed })),
  downloads: [
    {
      name: 'cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      brings: batches.map(([name]) => name),
      isArchive: true,
    },
  ],
  address: 'https://www.cs.toronto.edu/~kriz/',
  licence: 'none is stated; distributed freely for research, cite the report',
  source: 'Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009',
  alsoIn: ['cifar-10-batches-bin'],
};

/** Of an archive of Omniglot: as it is published, and the same images packed anew, as copies of the set have them. */
const omniglotArchives = [
  {
    name: 'images_background.zip',
    published: { bytes: 9_464_212, md5: '68d2efa1b9178cc56df9314c21c6e718' },
    packedAnew: { bytes: 8_588_032, md5: '339118da805b351c644b208c650d90f0' },
  },
  {
    name: 'images_evaluation.zip',
    published: { bytes: 6_462_886, md5: '6b91aef0f799c5bb55b94e3f2daec811' },
    packedAnew: { bytes: 5_863_926, md5: 'f58d9da2edf5f153467906aef0975f35' },
  },
] as const;

export const omniglot: DataSet = {
  name: 'omniglot',
  title:
    '1,623 characters of 50 alphabets, 20 drawings each, 105 x 105: 964 characters to learn from, 659 to judge by',
  files: omniglotArchives.map(({ name, published, packedAnew }) => ({
    name,
    sums: [published, packedAnew],
    needed: true,
  })),
  downloads: omniglotArchives.map(({ name, published }) => ({ ...published, name, brings: [name] })),
  address: 'https://raw.githubusercontent.com/brendenlake/omniglot/master/python/',
  licence: 'MIT, copyright 2015 Brenden Lake',
  source:
    'Lake, Salakhutdinov, Tenenbaum: Human-level concept learning through probabilistic program induction, Science 2015',
};

/** All data sets that can be listed, fetched and verified. */
export const dataSets: readonly DataSet[] = [mnist, fashionMnist, cifar10, omniglot];

/** @throws InputError where there is none of this name. */
export function dataSetNamed(name: string): DataSet {
  const found = dataSets.find((set) => set.name === name);
  if (found !== undefined) return found;
  const names = dataSets.map((set) => set.name);
  throw new InputError({
    what: 'There is no such data set',
    got: name,
    legal: names.join(', '),
    advice: didYouMean(name, names),
  });
}
