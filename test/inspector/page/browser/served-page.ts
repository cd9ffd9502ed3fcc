import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const main = path.join(__dirname, '../../../../dist/src/cli/main.js');

/** A folder of runs, the server that shows it, and a browser: each a process of its own, as a user has them. */
export interface ServedPage {
  readonly folder: string;
  readonly address: string;
  readonly browser: Browser;
  /** Makes a run to its end. */
  readonly make: (...words: readonly string[]) => void;
  /** Begins a run, and goes on beside it. */
  readonly begin: (...words: readonly string[]) => ChildProcess;
  /** Opens a page, and collects what it, or the content policy, complains of. */
  readonly open: (
    query: string,
    options?: BrowserContextOptions,
  ) => Promise<{ page: Page; complaints: string[] }>;
  readonly close: () => Promise<void>;
}

export async function servedPage(executablePath: string): Promise<ServedPage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'inspected-'));
  const children: ChildProcess[] = [];
  const begin = (...words: readonly string[]) => {
    const child = spawn(process.execPath, [main, 'run', ...words, '--runs', folder], { stdio: 'ignore' });
    children.push(child);
    return child;
  };
  const make = (...words: readonly string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [main, 'run', ...words, '--runs', folder], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  };
  const server = spawn(process.execPath, [main, 'inspect', folder, '--port', '0']);
  children.push(server);
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (line) => resolve(String(line).trim()));
    server.once('exit', (code) => reject(new Error(`metaplast inspect ended with ${code}`)));
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const open = async (query: string, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${address}${query}`);
    return { page, complaints };
  };
  return {
    folder,
    address,
    browser,
    make,
    begin,
    open,
    close: async () => {
      await browser.close();
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
