import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = path.join(__dirname, '../../../dist/inspector/page');

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(js|css|html)$/.test(file),
);
const read = (file: string) => readFileSync(path.join(folder, file));

describe('the built page', () => {
  it('takes 200 kB at most, compressed', () => {
    expect(files.some((file) => file.endsWith('.js')) && files.some((file) => file.endsWith('.css'))).toBe(
      true,
    );
    const bytes = files.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
    expect(bytes).toBeLessThanOrEqual(200_000);
  });

  it('has nothing inline, and loads nothing from elsewhere', () => {
    const page = read('index.html').toString();
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const file of files) {
      const words = read(file).toString();
      const addresses = words.match(/(?:src|href)="https?:|url\(["']?https?:|import\(["']https?:/g);
      expect([file, addresses]).toEqual([file, null]);
    }
  });
});
