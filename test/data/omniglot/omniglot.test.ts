import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError, Interruption } from '../../../src/core/errors';
import { openOmniglot, prepareOmniglot } from '../../../src/data/omniglot/omniglot';
import { makeTestFolder } from '../images/small-files';
import { omniglotArchive, zip } from './small-archives';

let test_: ReturnType<typeof makeTestFolder>;
let folder: string;
const said: string[] = [];
const say = (line: string) => void said.push(line);
beforeEach(() => {
  test_ = makeTestFolder();
  folder = path.join(test_.folder, 'omniglot');
  said.length = 0;
  process.env.METAPLAST_DATA = path.join(test_.folder, 'elsewhere');
  writeArchives();
});
afterEach(() => {
  test_.remove();
});

function writeArchives(background = 3): void {
  test_.write('omniglot/images_background.zip', zip(omniglotArchive('background', background)));
  test_.write('omniglot/images_evaluation.zip', zip(omniglotArchive('evaluation', 2, 7)));
}

const cache = () => path.join(folder, 'decoded-28x28.cache');
/** As a later process finds things: what this one keeps in memory is of archives of other times. */
function forget(): void {
  const later = new Date(fs.statSync(path.join(folder, 'images_background.zip')).mtimeMs + 1000);
  fs.utimesSync(path.join(folder, 'images_background.zip'), later, later);
}

describe('Omniglot', () => {
  it('is decoded once into a cache of a byte a pixel, and opened from there', async () => {
    const first = await prepareOmniglot({ folder, say });
    expect(said.join()).toMatch(/decoding.*decoded into/);
    expect(first.background).toMatchObject({
      name: 'omniglot background, 3 of 964 characters',
      drawings: 20,
      side: 28,
      ink: 225,
    });
    expect(first.evaluation.characters).toEqual([
      { alphabet: 'Runes', name: 'character01' },
      { alphabet: 'Runes', name: 'character02' },
    ]);
    expect(fs.statSync(cache()).size).toBeLessThan(5 * 20 * 784 + 1000);
    forget();
    said.length = 0;
    const second = await prepareOmniglot({ folder, say });
    expect(said).toEqual([]);
    for (const part of ['background', 'evaluation'] as const) {
      expect(Buffer.from(second[part].pixels).equals(Buffer.from(first[part].pixels))).toBe(true);
      expect(second[part].checksum).toBe(first[part].checksum);
    }
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each<[string, () => void, RegExp]>([
    ['is cut', () => fs.truncateSync(cache(), 5000), /its checksum is wrong/],
    ['is empty', () => fs.writeFileSync(cache(), ''), /does not begin with/],
    ['has a flipped bit', () => flip(3000), /its checksum is wrong/],
    ['has a flipped bit in its names', () => flip(250), /its checksum is wrong/],
    [
      "is another program's",
      () => fs.writeFileSync(cache(), 'SQLite format 3\n\n'),
      /does not begin with "metaplast omniglot 1"/,
    ],
    ['is of other archives', () => writeArchives(4), /it is of other archives/],
    ['is a folder', () => replaceByFolder(), /EISDIR/],
  ])('makes a cache again that %s, saying so', async (_, damage, why) => {
    const whole = await prepareOmniglot({ folder });
    forget();
    damage();
    expect(() => openOmniglot({ folder })).toThrow(/`metaplast data get omniglot`/);
    const again = await prepareOmniglot({ folder, say });
    expect(said.join('\n')).toMatch(/cannot be used, and is made again/);
    expect(said.join('\n')).toMatch(why);
    expect(again.evaluation.pixels).toEqual(whole.evaluation.pixels);
  });

  function flip(at: number): void {
    const bytes = fs.readFileSync(cache());
    bytes[at]! ^= 4;
    fs.writeFileSync(cache(), bytes);
  }

  function replaceByFolder(): void {
    fs.rmSync(cache());
    fs.mkdirSync(cache());
  }

  it('goes where data sets are looked for, where nobody may write beside the archives', async () => {
    fs.chmodSync(folder, 0o555);
    await prepareOmniglot({ folder, say });
    fs.chmodSync(folder, 0o755);
    expect(fs.existsSync(cache())).toBe(false);
    expect(fs.existsSync(path.join(test_.folder, 'elsewhere/omniglot/decoded-28x28.cache'))).toBe(true);
    forget();
    expect(openOmniglot({ folder }).background.characters).toHaveLength(3);
  });

  it('that is missing is an error that names the command which gets it', async () => {
    fs.rmSync(path.join(folder, 'images_evaluation.zip'));
    await expect(prepareOmniglot({ folder })).rejects.toThrow(
      /images_evaluation.zip" is missing.*`metaplast data get omniglot`/,
    );
    await expect(prepareOmniglot()).rejects.toThrow(InputError);
    expect(() => openOmniglot()).toThrow(/`metaplast data get omniglot`/);
  });

  it('leaves nothing behind where decoding is interrupted', async () => {
    await expect(prepareOmniglot({ folder, signal: AbortSignal.abort() })).rejects.toThrow(Interruption);
    expect(fs.readdirSync(folder).sort()).toEqual(['images_background.zip', 'images_evaluation.zip']);
  });

  it('is shared with threads that start later, without a copy', async () => {
    const { background } = await prepareOmniglot({ folder });
    const before = background.pixels[0];
    const code = `
      const { getEnvironmentData, parentPort, workerData } = require('node:worker_threads');
      const { openOmniglot } = require(workerData.module);
      const { pixels } = openOmniglot({ folder: workerData.folder }).background;
      const before = pixels[0];
      pixels[0] = 99;
      parentPort.postMessage({ before, shared: pixels.buffer instanceof SharedArrayBuffer });`;
    const module = path.resolve(__dirname, '../../../dist/src/data/omniglot/omniglot.js');
    const worker = new Worker(code, { eval: true, workerData: { module, folder } });
    const answer = await new Promise((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    expect(answer).toEqual({ before, shared: true });
    expect(background.pixels[0]).toBe(99);
    await worker.terminate();
  });
});
