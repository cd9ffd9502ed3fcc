import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PageFiles } from '../../../src/inspector/server/http/page-files';
import { serving } from './serving';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-page-'));
const files = new PageFiles(folder);
const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('the files of the page', () => {
  it('are there once it is built, by their names alone', () => {
    expect(files.get('/')).toBeNull();
    write('index.html', '<p>one</p>');
    write('assets/main-a1B2_c3d.js', '1');
    expect(files.get('/')!.type).toBe('text/html; charset=utf-8');
    expect(files.get('/assets/main-a1B2_c3d.js')!.type).toBe('text/javascript; charset=utf-8');
    for (const address of [
      '/assets',
      '/assets/',
      '/assets/../index.html',
      '//index.html',
      '/index.html/',
      `/${folder}/index.html`,
    ])
      expect(files.get(address)).toBeNull();
  });

  it('are kept for ever by who has them where their names say what they hold', () => {
    expect(files.get('/assets/main-a1B2_c3d.js')!.isForever).toBe(true);
    expect(files.get('/index.html')!.isForever).toBe(false);
  });

  it('have another tag once they hold something else', () => {
    const { tag } = files.get('/')!;
    expect(files.get('/')!.tag).toBe(tag);
    write('index.html', '<p>two</p>');
    fs.utimesSync(path.join(folder, 'index.html'), new Date(0), new Date(0));
    expect(files.get('/')!.tag).not.toBe(tag);
    expect(Buffer.from(files.get('/')!.content).toString()).toBe('<p>two</p>');
  });

  it('are no links', () => {
    fs.symlinkSync(__filename, path.join(folder, 'link.js'));
    expect(files.get('/link.js')).toBeNull();
  });

  it('are sent again only to who does not have them as they are', async () => {
    const server = await serving(folder, undefined, folder);
    const script = await server.get('/assets/main-a1B2_c3d.js');
    expect([script.status, await script.text()]).toEqual([200, '1']);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const page = await server.get('/?view=run&run=a');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const tag = page.headers.get('etag')!;
    expect((await server.get('/', { 'if-none-match': tag })).status).toBe(304);
    write('index.html', '<p>three</p>');
    expect((await server.get('/', { 'if-none-match': tag })).status).toBe(200);
    expect((await server.get('/assets/none.js')).status).toBe(404);
    await server.served.close();
  });

  it('say how they are made where they are not', async () => {
    const server = await serving(folder, undefined, path.join(folder, 'none'));
    const response = await server.get('/');
    expect([response.status, await response.json()]).toEqual([
      503,
      { what: 'The page was not built', advice: 'Build it: npm run build' },
    ]);
    await server.served.close();
  });
});
