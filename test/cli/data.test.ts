import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { cifarBatch, makeTestFolder, smallMnist } from '../data/images/small-files';
import { type FileServer, serve } from '../data/sets/file-server';
import { command } from './command';

const given = process.env.METAPLAST_DATA;
let test_: ReturnType<typeof makeTestFolder>;
let server: FileServer | undefined;
beforeEach(() => {
  test_ = makeTestFolder();
  process.env.METAPLAST_DATA = test_.folder;
  jest.spyOn(process, 'cwd').mockReturnValue(test_.folder); // There may be data in this folder's ./data.
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server?.close();
  server = undefined;
  if (given === undefined) delete process.env.METAPLAST_DATA;
  else process.env.METAPLAST_DATA = given;
  test_.remove();
});

describe('data list', () => {
  it('says of each data set where it is, or how to get it, with its terms and its source', async () => {
    test_.write('cifar-10/test_batch.bin.gz', gzipSync(cifarBatch(2)));
    const { status, out, err } = await command('data', 'list');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(
      /^mnist: handwritten digits.*\n {2}missing: metaplast data get mnist \(11\.6 MB\)\n {2}licence: .*CC BY-SA/m,
    );
    expect(out).toContain(`${path.join(test_.folder, 'cifar-10')}: 1 of 6 files`);
    expect(out).toMatch(/lacking: data_batch_1\.bin, .*data_batch_5\.bin\n/);
    expect(out).toMatch(/source: Krizhevsky/);
    expect(out).toMatch(/^omniglot: /m);
    expect(out).toContain(`Looked in ${test_.folder} and ${path.resolve('data')}`);
  });

  it('prints one JSON document with --json', async () => {
    smallMnist((name, bytes) => test_.write(`mnist/${name}`, bytes));
    const [mnist, fashion] = JSON.parse((await command('data', 'list', '--json')).out);
    expect(mnist).toMatchObject({ name: 'mnist', folder: path.join(test_.folder, 'mnist') });
    expect(mnist.files[0]).toMatchObject({ name: 'train-images-idx3-ubyte', bytes: expect.any(Number) });
    expect(fashion).toMatchObject({ name: 'fashion-mnist', folder: null, bytes: 0, download: 30_878_645 });
  });
});

describe('data verify', () => {
  it('says what is damaged and what is missing, with the command that gets it, and exits with 1', async () => {
    test_.write('cifar-10/data_batch_1.bin', cifarBatch(2));
    const { status, out } = await command('data', 'verify', 'cifar-10');
    expect(status).toBe(1);
    expect(out).toMatch(/^data_batch_1\.bin {2}damaged {2}6146 bytes, not 30730000$/m);
    expect(out).toMatch(/^data_batch_2\.bin {2}missing {2}not there, and can be done without$/m);
    expect(out).toMatch(/^test_batch\.bin {4}missing {2}not there$/m);
    expect(out).toMatch(/^cifar-10 is damaged, in .*Get what is lacking: metaplast data get cifar-10$/m);
  });

  it('exits with 1 where the set is missing, with 2 where there is no such set, naming the nearest', async () => {
    const missing = await command('data', 'verify', 'mnist', '--json');
    expect(missing.status).toBe(1);
    expect(JSON.parse(missing.out)).toMatchObject({ name: 'mnist', folder: null, state: 'missing' });
    const wrong = await command('data', 'verify', 'minst');
    expect(wrong).toMatchObject({ status: 2, out: '' });
    expect(wrong.err).toMatch(
      /Got "minst"\. Legal: mnist, fashion-mnist, cifar-10, omniglot\. Did you mean "mnist"\?/,
    );
  });
});

describe('data get', () => {
  it('refuses what is not the published file, and leaves nothing behind', async () => {
    server = await serve({ 'train-images-idx3-ubyte.gz': Buffer.alloc(9_912_422) });
    const { status, out, err } = await command('data', 'get', 'mnist', '--from', server.address, '--quiet');
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(
      /What came from "http:.*\/train-images-idx3-ubyte\.gz" is not the published file, and was removed/,
    );
    expect(fs.readdirSync(path.join(test_.folder, 'mnist'))).toEqual([]);
  });

  it('says where there is no such file, or no address', async () => {
    server = await serve({});
    const to = ['--to', path.join(test_.folder, 'elsewhere')];
    const missing = await command('data', 'get', 'omniglot', '--from', `${server.address}none`, ...to);
    expect(missing.status).toBe(1);
    expect(missing.err).toContain(
      `"${server.address}none/images_background.zip" cannot be fetched: the server answers 404`,
    );
    expect(fs.readdirSync(path.join(test_.folder, 'elsewhere/omniglot'))).toEqual([]);
    expect(await command('data', 'get', 'mnist', '--from', 'here')).toMatchObject({ status: 2, out: '' });
  });
});

describe('data --help', () => {
  it('has examples, and so has each of its commands', async () => {
    for (const argv of [['data'], ['data', 'list'], ['data', 'get'], ['data', 'verify']]) {
      const { status, out } = await command(...argv, '--help');
      expect(status).toBe(0);
      expect(out).toMatch(new RegExp(`Examples?:\\n  metaplast ${argv.join(' ')}`));
      expect(out).toContain('--json');
    }
  });

  it('is shown where no command is named, or one that there is not', async () => {
    expect(await command('data')).toMatchObject({
      status: 2,
      err: expect.stringContaining('metaplast data list'),
    });
    expect((await command('data', 'gte')).err).toContain('Did you mean get?');
  });
});
