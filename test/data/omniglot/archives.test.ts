import { InputError } from '../../../src/core/errors';
import { decodeArchive } from '../../../src/data/omniglot/archives';
import { areaMean } from '../../../src/data/omniglot/area-mean';
import { makeTestFolder } from '../images/small-files';
import { omniglotArchive, png, type SmallEntry, zip } from './small-archives';

let test_: ReturnType<typeof makeTestFolder>;
beforeEach(() => {
  test_ = makeTestFolder();
});
afterEach(() => test_.remove());

const advice = 'get it anew';
const decode = (bytes: Uint8Array) =>
  decodeArchive('background', { path: test_.write('images_background.zip', bytes), advice });

/** What reading an archive throws, which must be typed and say what to do. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await decode(bytes).then(
    () => new Error('it was accepted'),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toContain(advice);
  return error.message;
}

/** A small archive, of whose drawings one is replaced. */
const withEntry = (entry: Partial<SmallEntry>): Buffer => {
  const entries = omniglotArchive('background', 1);
  return zip(entries.map((each, i) => (i === 5 ? { ...each, ...entry } : each)));
};

describe('an archive of Omniglot', () => {
  it('is decoded in the order of alphabets and characters, ink as 1, 28 x 28 by the mean over the area', async () => {
    const entries = omniglotArchive('background', 3);
    const { characters, pixels } = await decode(zip([...entries].reverse()));
    expect(characters.map(({ alphabet, name }) => `${alphabet} ${name}`)).toEqual([
      'Runes character01',
      'Runes character02',
      'Runes character03',
    ]);
    // The bar of character 2 by drawer 5: 15 rows from 6 on, 8 columns from 20 on, of 105; 225 is all ink.
    const image = pixels.subarray((2 * 20 + 5) * 784, (2 * 20 + 6) * 784);
    const covered = (place: number, from: number, to: number): number =>
      Math.max(0, Math.min(3.75 * (place + 1), to) - Math.max(3.75 * place, from)) / 3.75;
    const expected = Array.from(
      { length: 784 },
      (_, i) => covered(Math.floor(i / 28), 6, 21) * covered(i % 28, 20, 28) * 225,
    );
    expect([...image]).toEqual(expected.map((value) => Math.round(value)));
    // Exactly: a pixel is a whole number of 225ths.
    for (const value of expected) expect(Math.abs(value - Math.round(value))).toBeLessThan(1e-9);
  });

  it('may hold what file managers leave behind, and stored files', async () => {
    const entries = omniglotArchive('background', 1).map((entry) => ({ ...entry, isStored: true }));
    const left = ['__MACOSX/._0001_01.png', 'images_background/.DS_Store', 'images_background/notes.txt'];
    const { characters } = await decode(
      zip([...entries, ...left.map((name) => ({ name, bytes: Buffer.from('x') }))]),
    );
    expect(characters).toHaveLength(1);
  });

  it('that is cut anywhere is refused', async () => {
    const whole = zip(omniglotArchive('background', 1));
    for (const length of [0, 1, 21, 300, whole.length - 23, whole.length - 1])
      expect(await refusal(whole.subarray(0, length))).toMatch(/cannot be unpacked/);
  });

  it.each([
    '../images_background/Runes/character01/0001_04.png',
    '/images_background/Runes/character01/0001_04.png',
    'C:/x.png',
    'images_background\\Runes\\x.png',
  ])('with the path %s, which climbs out, is refused before anything is unpacked', async (name) =>
    expect(await refusal(withEntry({ name }))).toMatch(
      /(invalid relative path|absolute path|invalid characters)/,
    ),
  );

  it('with an entry of 4 GB is refused before that takes memory', async () => {
    expect(await refusal(withEntry({ lies: { uncompressedSize: 0xffff_fffe } }))).toMatch(
      /larger than such a file can be\. Got "4294967294 bytes"/,
    );
    expect(await refusal(withEntry({ lies: { compressedSize: 0xffff_fffe } }))).toMatch(
      /larger than such a file can be/,
    );
  });

  it('whose directory says another length than an entry has is refused', async () => {
    expect(await refusal(withEntry({ lies: { uncompressedSize: 12 } }))).toMatch(
      /more than the 12 bytes that the directory says/,
    );
    expect(await refusal(withEntry({ lies: { uncompressedSize: 9999 } }))).toMatch(
      /it has \d+ bytes, and the directory says 9999/,
    );
    expect(await refusal(withEntry({ isStored: true, lies: { uncompressedSize: 9 } }))).toMatch(
      /cannot be unpacked/,
    );
  });

  it('with encrypted entries, or ones packed in another way, is refused', async () => {
    expect(await refusal(withEntry({ lies: { flags: 1 } }))).toMatch(/an encrypted file/);
    expect(await refusal(withEntry({ lies: { method: 9 } }))).toMatch(/compression method 9/);
  });

  it('with a drawing of another size, of another depth, a cut one, or one that is no PNG is refused, naming it', async () => {
    const whole = png(() => false);
    const cases: [Uint8Array, RegExp][] = [
      [png(() => false, { side: 104 }), /0001_03\.png" in .* has another size\. Got "104 x 104 pixels"/],
      [png(() => false, { side: 100_000, rows: Buffer.alloc(10) }), /has another size/],
      [
        png(() => false, { depth: 8, rows: Buffer.alloc(106 * 105) }),
        /not of 1 bit a pixel\. Got "greyscale of 8 bits"/,
      ],
      [png(() => false, { colour: 3 }), /not of 1 bit a pixel\. Got "palette of 1 bits"/],
      [whole.subarray(0, 60), /cannot be read/],
      [whole.subarray(0, whole.length - 12), /cannot be read/],
      [
        Buffer.concat([whole.subarray(0, 45), Buffer.from([whole[45]! ^ 1]), whole.subarray(46)]),
        /cannot be read/,
      ],
      [png(() => false, { rows: Buffer.alloc(15 * 50) }), /(cannot be read|has not all of its rows)/],
      [Buffer.from('GIF89a, and more than a header'), /is no PNG/],
    ];
    for (const [bytes, expected] of cases) expect(await refusal(withEntry({ bytes }))).toMatch(expected);
  });

  it('in which a character lacks a drawing, or has one twice, or a drawing lies elsewhere is refused', async () => {
    const entries = omniglotArchive('background', 2);
    expect(await refusal(zip(entries.slice(0, -1)))).toMatch(
      /Runes\/character02.* lacks drawings\. Got 19\. Legal: 20/,
    );
    expect(await refusal(zip([...entries, entries.at(-1)!]))).toMatch(/is there twice/);
    expect(await refusal(withEntry({ name: 'elsewhere/0001_04.png' }))).toMatch(/is not where drawings are/);
    expect(await refusal(zip([{ name: 'images_background/' }]))).toMatch(/has no drawings/);
  });
});

describe('the mean over the area', () => {
  it('keeps the mean of the image, whatever the sides', () => {
    for (const [side, smaller] of [
      [105, 28],
      [12, 5],
      [9, 3],
      [7, 7],
    ] as const) {
      const image = Uint8Array.from({ length: side * side }, (_, i) => ((i * i * 31) % 7 === 0 ? 1 : 0));
      const { full, shrink } = areaMean(side, smaller);
      const mean = (values: ArrayLike<number>): number =>
        Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(shrink(image)) / full).toBeCloseTo(mean(image), 12);
    }
  });
});
