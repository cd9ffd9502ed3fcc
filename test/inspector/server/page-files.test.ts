import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PageFiles } from '../../../src/inspector/server/http/page-files';

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
});
