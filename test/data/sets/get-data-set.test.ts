import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { Interruption, MetaplastError } from '../../../src/core/errors';
import type { DataSet } from '../../../src/data/sets/data-set';
import { type GetOptions, getDataSet } from '../../../src/data/sets/get-data-set';
import { verifyDataSet } from '../../../src/data/sets/verify';
import { makeTestFolder } from '../images/small-files';
import { type Behaviour, type FileServer, serve } from './file-server';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) % 251));
const packed = gzipSync(content);
const second = Buffer.from('another file');

let test_: ReturnType<typeof makeTestFolder>;
let server: FileServer | undefined;
beforeEach(() => {
  test_ = makeTestFolder();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  test_.remove();
});

/** A data set of two files, the first of which is packed. */
const twoFiles = (address: string): DataSet => ({
  ...{ name: 'two', title: 'two files', address, licence: 'none', source: 'here' },
  files: [
    {
      name: 'pixels',
      sums: [{ bytes: content.length, md5: md5(content) }],
      packed: { bytes: packed.length, md5: md5(packed) },
      needed: true,
    },
    { name: 'notes', sums: [{ bytes: second.length, md5: md5(second) }], needed: true },
  ],
  downloads: [
    { name: 'pixels.gz', bytes: packed.length, md5: md5(packed), brings: ['pixels'] },
    { name: 'notes', bytes: second.length, md5: md5(second), brings: ['notes'] },
  ],
});

const quick: GetOptions = { pause: 1 };
const here = (): string[] => fs.readdirSync(test_.folder).sort();
const read = (name: string): Buffer => fs.readFileSync(path.join(test_.folder, name));

/** Gets the set from a server that behaves so. */
async function get(
  behaviour: Behaviour,
  options = quick,
  files: Record<string, Uint8Array> = {},
): Promise<string[]> {
  server = await serve({ 'pixels.gz': packed, notes: second, ...files }, behaviour);
  return getDataSet(twoFiles(server.address), test_.folder, options);
}

async function failure(attempt: Promise<unknown>): Promise<MetaplastError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MetaplastError);
  return error as MetaplastError;
}

describe('getting a data set', () => {
  it('fetches its files, reports how far it is, and leaves nothing else', async () => {
    const reports: number[][] = [];
    const onProgress = (done: number, total: number): void => void reports.push([done, total]);
    expect(await get({}, { ...quick, onProgress })).toEqual(['pixels.gz', 'notes']);
    expect(here()).toEqual(['notes', 'pixels.gz']);
    expect(read('pixels.gz').equals(packed)).toBe(true);
    const total = packed.length + second.length;
    expect([reports[0], reports.at(-1)]).toEqual([
      [0, total],
      [total, total],
    ]);
  });

  it('fetches what is lacking alone, and sets a damaged file aside that would be read in its place', async () => {
    test_.write('pixels', content);
    expect(await get({})).toEqual(['notes']);
    test_.write('pixels', content.subarray(1));
    const said: string[] = [];
    const again = { ...quick, say: (line: string) => void said.push(line) };
    expect(await getDataSet(twoFiles(server!.address), test_.folder, again)).toEqual(['pixels.gz']);
    expect(here()).toEqual(['notes', 'pixels.damaged', 'pixels.gz']);
    expect(said.join()).toContain('pixels.damaged');
    expect(await getDataSet(twoFiles(server!.address), test_.folder, quick)).toEqual([]);
  });

  it('goes on from where the connection broke', async () => {
    await get({ cutAfter: (request) => (request === 0 ? 200 : undefined) });
    expect(server!.seen.map(({ range }) => range)).toEqual([undefined, 'bytes=200-', undefined]);
    expect(read('pixels.gz').equals(packed)).toBe(true);
  });

  it('goes on in a later call, where the connection broke each time', async () => {
    const broken = await failure(get({ cutAfter: () => 100 }, { ...quick, attempts: 2 }));
    expect(here()).toEqual(['pixels.gz.part']);
    expect(read('pixels.gz.part').equals(packed.subarray(0, 200))).toBe(true);
    expect(broken.message).toMatch(/Got "200 of \d+ bytes".*it goes on from ".*pixels\.gz\.part"/);
    await server!.close();
    await get({});
    expect(server!.seen[0]!.range).toBe('bytes=200-');
    expect(read('pixels.gz').equals(packed)).toBe(true);
  });

  it('begins anew where the server does not go on from the middle', async () => {
    await get({ takesRanges: false, cutAfter: (request) => (request === 0 ? 200 : undefined) });
    expect(read('pixels.gz').equals(packed)).toBe(true);
  });

  it('begins anew where what is there is longer than the file', async () => {
    test_.write('pixels.gz.part', Buffer.alloc(packed.length + 1));
    await get({});
    expect(server!.seen[0]!.range).toBeUndefined();
  });

  it('tries again where the server is busy or nothing comes any more', async () => {
    const behaviour = {
      status: (request: number) => (request === 0 ? 503 : undefined),
      stallsAfter: (request: number) => (request === 1 ? 50 : undefined),
    };
    await get(behaviour, { ...quick, patience: 200 });
    expect(server!.seen.map(({ range }) => range)).toEqual([undefined, undefined, 'bytes=50-', undefined]);
  });

  it('follows where the file has moved', async () => {
    await get({ redirects: true });
    expect(server!.seen.map(({ url }) => url)).toEqual([
      '/pixels.gz',
      '/moved/pixels.gz',
      '/notes',
      '/moved/notes',
    ]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'other bytes',
      Buffer.alloc(packed.length),
      /is not the published file, and was removed\. Got "md5 .*Legal: md5/,
    ],
    ['more bytes', Buffer.concat([packed, packed]), /more comes than its \d+ bytes\. What came was removed/],
  ])('refuses %s, and removes them', async (_what, bytes, message) => {
    expect((await failure(get({}, quick, { 'pixels.gz': bytes }))).message).toMatch(message);
    expect(here()).toEqual([]);
  });

  it('does not try again where there is no such file', async () => {
    const missing = await failure(get({ status: () => 404 }));
    expect(missing.message).toMatch(
      /pixels\.gz" cannot be fetched: the server answers 404 Not Found\. It may have moved/,
    );
    expect(server!.seen).toHaveLength(1);
    expect(here()).toEqual([]);
  });

  it('says so where there is no network', async () => {
    await get({});
    await server!.close();
    fs.rmSync(path.join(test_.folder, 'notes'));
    const alone = await failure(
      getDataSet(twoFiles(server!.address), test_.folder, { ...quick, attempts: 2 }),
    );
    expect(alone.message).toMatch(/cannot be fetched: connect ECONNREFUSED 127\.0\.0\.1.*Check the network/);
    expect((await failure(getDataSet(twoFiles('ftp://here/'), test_.folder, quick))).message).toMatch(
      /Legal: http:/,
    );
  });

  it('when interrupted keeps what has come, and goes on from there', async () => {
    const controller = new AbortController();
    const onProgress = (done: number): void => {
      if (done >= 300) controller.abort();
    };
    const stopped = await failure(
      get({ stallsAfter: () => 300 }, { ...quick, signal: controller.signal, onProgress }),
    );
    expect(stopped).toBeInstanceOf(Interruption);
    expect(stopped.message).toContain('goes on from');
    expect(read('pixels.gz.part').equals(packed.subarray(0, 300))).toBe(true);
    await server!.close();
    await get({});
    expect(server!.seen[0]!.range).toBe('bytes=300-');
  });
});

describe('a data set in an archive', () => {
  const batches = { 'one.bin': Buffer.from('first batch'), 'two.bin': Buffer.from('second batch') };

  async function archived(address: string, damaged = false): Promise<{ set: DataSet; archive: Buffer }> {
    const from = path.join(test_.folder, 'source');
    for (const [name, bytes] of Object.entries(batches)) test_.write(`source/batches/${name}`, bytes);
    test_.write('source/batches/readme.html', Buffer.from('not needed'));
    const file = path.join(test_.folder, 'all.tar.gz');
    await create({ gzip: true, cwd: from, file }, ['batches']);
    const archive = fs.readFileSync(file);
    fs.rmSync(file);
    const sums = (bytes: Buffer) => [
      { bytes: bytes.length, md5: damaged ? md5(Buffer.alloc(1)) : md5(bytes) },
    ];
    const set: DataSet = {
      ...{ name: 'batches', title: 'two batches', address, licence: 'none', source: 'here' },
      files: Object.entries(batches).map(([name, bytes]) => ({ name, sums: sums(bytes), needed: true })),
      downloads: [
        {
          ...{ name: 'all.tar.gz', bytes: archive.length, md5: md5(archive) },
          ...{ brings: Object.keys(batches), isArchive: true },
        },
      ],
    };
    return { set, archive };
  }

  it('is unpacked: what was lacking is there, and neither the archive nor what it has besides', async () => {
    const { set, archive } = await archived('');
    server = await serve({ 'all.tar.gz': archive });
    const folder = path.join(test_.folder, 'batches');
    test_.write('batches/one.bin.gz', gzipSync(batches['one.bin']));
    expect(await getDataSet({ ...set, address: server.address }, folder, quick)).toEqual(['all.tar.gz']);
    expect(fs.readdirSync(folder).sort()).toEqual(['one.bin.gz', 'two.bin']);
    expect((await verifyDataSet(set, folder)).state).toBe('whole');
  });

  it('is not fetched again where the archive is whole, from a call that was interrupted while it was unpacked', async () => {
    const { set, archive } = await archived('http://127.0.0.1:1/');
    test_.write('batches/all.tar.gz', archive);
    test_.write('batches/.unpacked.part/one.bin', Buffer.from('half'));
    const folder = path.join(test_.folder, 'batches');
    await getDataSet(set, folder, { ...quick, attempts: 1 });
    expect(fs.readdirSync(folder).sort()).toEqual(['one.bin', 'two.bin']);
  });

  it('gives no file its name that is not whole', async () => {
    const { set, archive } = await archived('http://127.0.0.1:1/', true);
    test_.write('batches/all.tar.gz', archive);
    const folder = path.join(test_.folder, 'batches');
    expect((await failure(getDataSet(set, folder, quick))).message).toMatch(/has no whole one\.bin: md5 is/);
    expect(fs.readdirSync(folder)).not.toContain('one.bin');
  });
});

describe('a data set that is verified', () => {
  const set = twoFiles('');
  const states = async (): Promise<unknown> => {
    const { state, files } = await verifyDataSet(set, test_.folder);
    return [state, ...files.map((file) => `${file.state}: ${file.why}`)];
  };

  it('is whole as published, packed anew or not packed', async () => {
    test_.write('notes', second);
    test_.write('pixels.gz', packed);
    expect(await states()).toEqual(['whole', 'whole: md5 as published, packed', 'whole: md5']);
    test_.write('pixels.gz', gzipSync(content, { level: 1 }));
    expect(await states()).toEqual(['whole', 'whole: md5 unpacked', 'whole: md5']);
    test_.write('pixels', content);
    expect(await states()).toEqual(['whole', 'whole: md5', 'whole: md5']);
  });

  it('is damaged where a file is cut, longer, altered or cannot be unpacked, and missing where one is', async () => {
    test_.write('notes', second);
    const altered = Buffer.from(content);
    altered[10]! ^= 1;
    for (const [bytes, why] of [
      [content.subarray(1), '4999 bytes, not 5000'],
      [altered, `md5 is ${md5(altered)}, not ${md5(content)}`],
      [gzipSync(altered), `md5 unpacked is ${md5(altered)}, not ${md5(content)}`],
      [packed.subarray(0, -4), 'unexpected end of file'],
      [Buffer.concat([packed, Buffer.alloc(4)]), 'something else is behind what gzip packed'],
      [gzipSync(Buffer.alloc(1_000_000)), 'more than 5000 bytes unpacked'],
      [Buffer.alloc(0), '0 bytes, not 5000'],
    ] as const) {
      test_.write('pixels', bytes);
      expect(await states()).toEqual(['damaged', `damaged: ${why}`, 'whole: md5']);
    }
    fs.rmSync(path.join(test_.folder, 'pixels'));
    expect(await states()).toEqual(['missing', 'missing: not there', 'whole: md5']);
    expect((await verifyDataSet(set, undefined)).folder).toBeNull();
  });
});
