/*
 * What the playground weighs, how long it takes to show something, and how long a meta-gradient takes in a browser and in Node:
 *
 *   npm run build && npx ts-node -T test/playground/by-hand/measure.ts
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { estimate } from '../../../src/playground/experiment/experiment';
import { problemOf } from '../../../src/playground/experiment/problem';
import { firstSettings } from '../../../src/playground/experiment/settings';
import { findChromium } from '../../browser/open-page';
import { builtFolder, openBuiltPage, until } from '../built-page';

const repeats = 7;
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

function sizes(): void {
  const files = readdirSync(join(builtFolder, 'assets')).map((name) => ({
    name,
    bytes: gzipSync(readFileSync(join(builtFolder, 'assets', name)), { level: 9 }).length,
  }));
  const kilobytes = (of: (name: string) => boolean): string =>
    `${Math.round(files.filter(({ name }) => of(name)).reduce((sum, { bytes }) => sum + bytes, 0) / 1000)} kB`;
  const isGpu = (name: string): boolean => /^gpu/.test(name);
  const isPage = (name: string): boolean => /^index-|\.css$/.test(name);
  console.log('gzip: page', kilobytes(isPage));
  console.log(
    'gzip: simulator',
    kilobytes((name) => !isPage(name) && !isGpu(name)),
  );
  console.log('gzip: GPU.js, where it is chosen', kilobytes(isGpu));
}

async function inNode(): Promise<number> {
  const times: number[] = [];
  const engine = simdEngine({ blas: 'wasm' });
  for (let i = 0; i < repeats; i++) {
    const settings = { ...firstSettings, beta: 0.1 + i / 1000 };
    times.push((await estimate(settings, problemOf(settings), engine, { progress() {} })).milliseconds);
  }
  return median(times);
}

async function main(): Promise<void> {
  sizes();
  const began = performance.now();
  const built = await openBuiltPage(findChromium()!);
  const { page } = built;
  const opened = performance.now();
  await page.reload();
  await page.waitForSelector('.machine');
  const shown = performance.now();
  await page.waitForSelector('.verdict-good');
  console.log('Chromium started and page opened, ms', Math.round(opened - began));
  console.log('first phases shown after a load, ms', Math.round(shown - opened));
  console.log('verdict shown after a load, ms', Math.round(performance.now() - opened));
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const before = await page.textContent('.machine');
    await page.fill('label:text-is("β") ~ input.exact', String(0.1 + (i + 1) / 1000));
    await until(page, `document.querySelector('.machine')?.textContent !== ${JSON.stringify(before)}`);
    times.push(Number(/(\d+) ms/.exec((await page.textContent('.machine'))!)![1]));
    await page.waitForSelector('.verdict-good');
  }
  await built.close();
  console.log('Boston, 3 phases of 2000 steps, in Chromium, ms', median(times));
  console.log('the same in Node, ms', Math.round(await inNode()));
}

void main();
