import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../../core/checksum';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
};

/** A file of the page. */
export interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly tag: string;
  /** Its name says its content. */
  readonly isForever: boolean;
}

/** The files of the built page, by their paths in an address: no other is ever read, whatever an address says. */
export class PageFiles {
  private files: ReadonlyMap<string, string>;
  private readonly read = new Map<string, { readonly changed: number; readonly file: PageFile }>();

  constructor(private readonly folder: string) {
    this.files = filesIn(folder);
  }

  /** The file of an address; null where there is none. */
  get(address: string): PageFile | null {
    const name = address === '/' ? '/index.html' : address;
    // It may have been built anew.
    if (address === '/' || !this.files.has(name)) this.files = filesIn(this.folder);
    const at = this.files.get(name);
    if (at === undefined) return null;
    try {
      const changed = fs.statSync(at).mtimeMs;
      const known = this.read.get(name);
      if (known?.changed === changed) return known.file;
      const file = pageFile(at, name);
      this.read.set(name, { changed, file });
      return file;
    } catch {
      return null; // Gone just now.
    }
  }
}

function pageFile(at: string, name: string): PageFile {
  const content = new Uint8Array(fs.readFileSync(at));
  return {
    content,
    type: types[path.extname(name)] ?? 'application/octet-stream',
    tag: `"${sha256(content).slice(0, 32)}"`,
    isForever: /^\/assets\/.*-[\w-]{8,}\.\w+$/.test(name),
  };
}

function filesIn(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  try {
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const at = path.join(entry.parentPath, entry.name);
      files.set(`/${path.relative(folder, at).split(path.sep).join('/')}`, at);
    }
  } catch {} // It was not built.
  return files;
}
