import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Settings } from '../../src/playground/experiment/settings';
import type { Answer } from '../../src/playground/worker/messages';
import { flagsOf } from '../browser/open-page';
import { type StaticServer, serveStatic } from './static-server';

/** What the build makes of the playground. */
export const builtFolder = join(__dirname, '../../dist/playground');

/** The page as any web server serves it, opened in Chromium. */
export interface BuiltPage {
  readonly page: Page;
  readonly browser: Browser;
  readonly server: StaticServer;
  /** What the browser had to complain about. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function openBuiltPage(executablePath: string, query = ''): Promise<BuiltPage> {
  if (!existsSync(join(builtFolder, 'index.html'))) throw new Error('Run: npm run build');
  const server = await serveStatic(builtFolder);
  const browser = await chromium.launch({ executablePath, args: flagsOf('software') });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${server.address}${query}`);
  return {
    ...{ page, browser, server, complaints },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Answers of the page's own worker, asked as the page asks it; arrays come as lists of their bits. */
export async function askWorker(page: Page, kind: 'run' | 'sweep', settings: Settings): Promise<Answer[]> {
  const worker = readdirSync(join(builtFolder, 'assets')).find((file) => /^worker-.*\.js$/.test(file))!;
  const given = [`assets/${worker}`, { kind, id: 1, settings }].map((value) => JSON.stringify(value));
  const ask = `((address, question) => new Promise((resolve, reject) => {
    const worker = new Worker(address, { type: 'module' });
    const answers = [];
    const bits = (_, value) =>
      value instanceof Float64Array ? { bits: Array.from(new Uint32Array(value.buffer, value.byteOffset, 2 * value.length)) }
      : value instanceof Map ? { entries: [...value] }
      : value instanceof Float32Array ? Array.from(value)
      : value;
    worker.onerror = (event) => reject(new Error(event.message ?? 'The worker cannot be loaded'));
    worker.onmessage = ({ data }) => {
      if (data.kind !== 'progress') answers.push(data);
      if (data.kind !== 'over') return;
      worker.terminate();
      resolve(JSON.stringify(answers, bits));
    };
    worker.postMessage(question);
  }))(${given})`;
  return JSON.parse((await page.evaluate(ask)) as string) as Answer[];
}

/** The same of numbers that were worked out here. */
export const bitsOf = (values: Float64Array): { bits: number[] } => ({
  bits: Array.from(new Uint32Array(values.buffer, values.byteOffset, 2 * values.length)),
});

/** Waits until an expression is true in the page: asked from here, since the page's policy lets it evaluate no text itself. */
export async function until(page: Page, expression: string, patience = 60_000): Promise<void> {
  const began = Date.now();
  while (!(await page.evaluate(expression))) {
    if (Date.now() - began > patience) throw new Error(`It never came to be: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
