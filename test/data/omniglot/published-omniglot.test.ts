import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { RandomStreams } from '../../../src/core/random';
import { omniglotParts } from '../../../src/data/omniglot/archives';
import { characterEpisodes } from '../../../src/data/omniglot/character-episodes';
import { prepareOmniglot } from '../../../src/data/omniglot/omniglot';
import { readDrawing } from '../../../src/data/omniglot/read-drawing';
import { zipEntries } from '../../../src/data/omniglot/zip-entries';
import { omniglot } from '../../../src/data/sets/catalogue';
import { findDataSet } from '../../../src/data/sets/data-folder';
import { verifyDataSet } from '../../../src/data/sets/verify';
import { makeTestFolder } from '../images/small-files';

// These need the published archives: set METAPLAST_DATA to a folder that has omniglot. Without it they are skipped.
const found = process.env.METAPLAST_DATA ? findDataSet(omniglot) : undefined;
const withOmniglot = found === undefined ? describe.skip : describe;

const limits = { archiveBytes: 1e8, entries: 65_535, entryBytes: 16_384 };

withOmniglot('Omniglot as published (skipped where METAPLAST_DATA has none)', () => {
  it('is whole, and has the pixels that are known of it', async () => {
    expect((await verifyDataSet(omniglot, found)).state).toBe('whole');
    for (const [part, known] of [
      ['background', 'a33e68e6cf8d40e9942d9f6cc59dc6c97e8cc3ea9198ad67d734ee6c9c801650'],
      ['evaluation', '9de0d36f83f138e9e6518307987c688121dd64d48023b509a88d13a0f9a5e55c'],
    ] as const) {
      const file = { path: path.join(found!, omniglotParts[part].archive), advice: '' };
      const drawings: [string, Uint8Array][] = [];
      for await (const { name, bytes } of zipEntries(file, limits, (each) => each.endsWith('.png')))
        drawings.push([name, readDrawing(bytes, name, '')]);
      const hash = createHash('sha256');
      // Over all files in the order of their paths, of the path and its pixels as they are in the file: 1 is paper.
      for (const [name, ink] of drawings.sort(([a], [b]) => (a < b ? -1 : 1)))
        hash.update(name).update(ink.map((pixel) => 1 - pixel));
      expect(hash.digest('hex')).toBe(known);
    }
  }, 60_000);

  it('has 964 and 659 characters of 30 and 20 alphabets, 20 drawings each, and makes tasks of them', async () => {
    const { folder, remove } = makeTestFolder();
    try {
      for (const { archive } of Object.values(omniglotParts))
        fs.copyFileSync(path.join(found!, archive), path.join(folder, archive));
      const { background, evaluation } = await prepareOmniglot({ folder });
      expect([background.name, evaluation.name]).toEqual(['omniglot background', 'omniglot evaluation']);
      expect([background, evaluation].map(({ characters }) => characters.length)).toEqual([964, 659]);
      expect(
        [background, evaluation].map(
          ({ characters }) => new Set(characters.map(({ alphabet }) => alphabet)).size,
        ),
      ).toEqual([30, 20]);
      const source = characterEpisodes({ set: background, rotations: 4, ways: 20, shots: 5 });
      const { train, heldOut } = source.sample(new RandomStreams(1).stream('tasks'))!;
      expect([train.samples, heldOut.samples]).toEqual([100, 300]);
      // Strokes of a pixel or two on 105 x 105: some hundredths of the paper.
      const inked = train.x.reduce((sum, value) => sum + value, 0) / train.x.length;
      expect(inked).toBeGreaterThan(0.02);
      expect(inked).toBeLessThan(0.15);
    } finally {
      remove();
    }
  }, 60_000);
});
