/**
 * The pictures of the inspector and the playground in README and docs, taken in Chromium of runs that it makes: `npm run screenshots`. `CHROMIUM` says where the
 * browser is, if it is not at one of the usual places.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../browser/open-page';

const repository = path.join(__dirname, '../..');
const main = path.join(repository, 'dist/src/cli/main.js');
const pictures = path.join(repository, 'docs/howto');
const day = new Date().toISOString().slice(0, 10);

/** One command, to its end. */
function metaplast(...argv: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${argv.join(' ')}: ${code}`))));
  });
}

/** A command that serves a page, and the address that it prints. */
async function served(...argv: string[]): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [main, ...argv, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).on('line', (line) => line.startsWith('http') && resolve(line));
    child.once('exit', (code) => reject(new Error(`${argv.join(' ')} has ended: ${code}`)));
  });
  return { child, address };
}

interface Picture {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly width: number;
  readonly height: number;
  readonly scheme?: 'light' | 'dark';
  /** What is done on the page, and waited for, before it is taken. */
  prepare(page: Page): Promise<unknown>;
}

const boston = `${day}-boston-cpu-s1`;

const ofInspector: readonly Picture[] = [
  {
    name: 'inspector-synapses',
    query: { view: 'synapses', run: boston, trace: 'synapses', row: '31', synapse: '194' },
    ...{ width: 1280, height: 800 },
    prepare: (page) =>
      page
        .getByText(/of synapse 194/)
        .first()
        .waitFor(),
  },
  {
    name: 'inspector-rule',
    query: { view: 'synapses', run: boston, trace: 'meta-updates', row: '15', synapse: '194' },
    ...{ width: 1280, height: 800 },
    prepare: (page) =>
      page
        .getByText(/recorded/)
        .first()
        .waitFor(),
  },
  {
    name: 'inspector-runs',
    query: { filter: 'preset=smoke', metric: 'train' },
    ...{ width: 1280, height: 800 },
    async prepare(page) {
      await page.getByLabel('Pick all that the filter lets through').check();
      await page
        .getByText(/mean of 4 seeds/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'inspector-trust',
    query: { view: 'run', run: boston, tab: 'trust' },
    ...{ width: 1280, height: 720, scheme: 'dark' },
    prepare: (page) => page.locator('canvas').first().waitFor(),
  },
];

const ofPlayground: readonly Picture[] = [
  {
    name: 'playground',
    query: {},
    ...{ width: 1280, height: 900 },
    async prepare(page) {
      await page.getByRole('button', { name: /too large/ }).click();
      await page
        .getByText(/relative error/)
        .first()
        .waitFor();
      await page.waitForTimeout(4000);
    },
  },
];

async function take(browser: Browser, address: string, picture: Picture): Promise<void> {
  const { name, query, width, height, scheme = 'light', prepare } = picture;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${address}?${new URLSearchParams(query)}`);
  await prepare(page);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  await page.close();
  if (complaints.length > 0) throw new Error(`${name}: ${complaints.join('; ')}`);
  console.log(`docs/howto/${name}.png`);
}

async function screenshots(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('There is no Chromium here: CHROMIUM=/path/to/it npm run screenshots');
  const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-screenshots-'));
  const children: ChildProcess[] = [];
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    await metaplast('run', 'boston', '--runs', runs, '--quiet');
    for (const seed of ['1', '2', '3', '4'])
      for (const beta of ['0.03', '0.3'])
        await metaplast(
          'run',
          'boston',
          '--preset',
          'smoke',
          '--runs',
          runs,
          '--quiet',
          '--seed',
          seed,
          '--set',
          `beta=${beta}`,
          '--set',
          'metaSteps=12',
          '--name',
          `beta-${beta}`,
        );
    const inspector = await served('inspect', runs);
    const playground = await served('play');
    children.push(inspector.child, playground.child);
    for (const picture of ofInspector) await take(browser, inspector.address, picture);
    for (const picture of ofPlayground) await take(browser, playground.address, picture);
  } finally {
    await browser.close();
    for (const child of children) child.kill('SIGINT');
    fs.rmSync(runs, { recursive: true, force: true });
  }
}

screenshots().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
