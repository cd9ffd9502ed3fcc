/**
 * How fluid the page is with many runs: `npx ts-node -T test/inspector/page/browser/measure.ts [runs]`, after `npm run build`. The page is
 * the built one; its server's answers are made up here, so that the page alone is measured.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { RunRow } from '../../../../src/inspector/protocol/runs';
import { serve } from '../../../../src/inspector/server/serve';
import { findChromium } from '../../../browser/open-page';
import { runRow } from '../run-row';

const count = Number(process.argv[2] ?? 500);
const points = 500;

const rows: RunRow[] = Array.from({ length: count }, (_, i) => {
  const settings = {
    seed: i % 5,
    beta: 10 ** -(i % 4),
    'free.rate': 0.01 * (1 + (Math.floor(i / 4) % 5)),
    learn: Math.floor(i / 20) % 2 ? 'omega' : 'lambda',
  };
  return runRow(`2026-11-27-boston-cpu-${String(i).padStart(4, '0')}`, {
    seed: i % 5,
    command: `npx metaplast run boston --seed ${i % 5}`,
    settings: {
      ...settings,
      ...Object.fromEntries(Array.from({ length: 40 }, (_, j) => [`setting.${j}`, j])),
    },
    results: { 'heldOut.after': Math.sin(i) + 1, 'test.after': Math.cos(i) + 1, unconverged: i % 7 },
  });
});

/** Milliseconds from frame to frame while `what` goes on in the page. */
async function framesDuring(
  page: Page,
  what: string,
): Promise<{ frames: number; median: number; worst: number }> {
  return page.evaluate(`(async () => {
    const times = [];
    let last = performance.now();
    let on = true;
    const tick = (now) => { times.push(now - last); last = now; if (on) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    await (async () => { ${what} })();
    on = false;
    const sorted = times.slice(1).sort((a, b) => a - b);
    return { frames: sorted.length, median: sorted[Math.floor(sorted.length / 2)], worst: sorted.at(-1) };
  })()`);
}

async function measure() {
  const served = await serve({
    folder: mkdtempSync(path.join(tmpdir(), 'measured-')),
    host: '127.0.0.1',
    port: 0,
    complain: console.error,
  });
  const browser = await chromium.launch({ executablePath: findChromium()!, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.route('**/api/runs', (route) =>
    route.fulfill({ json: { folder: 'runs', revision: '1', runs: rows, studies: [] } }),
  );
  // The server knows nothing of these runs, and would say that they are gone.
  await page.route('**/api/live?*', (route) => route.abort());
  await page.route('**/api/run?*', (route) =>
    route.fulfill({
      json: {
        row: rows[0],
        environment: {},
        summary: {},
        report: null,
        figures: [],
        traces: [],
        metrics: ['loss'],
        trust: [],
        damages: [],
      },
    }),
  );
  await page.route('**/api/curves?*', (route) => {
    const ids = new URL(route.request().url()).searchParams.getAll('id');
    const curves = ids.map((id) => {
      const phase = Number(id.slice(-4));
      const x = Array.from({ length: points }, (_, i) => i);
      return {
        id,
        metric: 'loss',
        by: 'metaStep',
        group: null,
        x,
        y: x.map((i) => Math.exp(-i / 100) + 0.1 * Math.sin(i / 9 + phase)),
      };
    });
    return route.fulfill({ json: { curves } });
  });
  const begin = performance.now();
  await page.goto(served.address);
  await page.locator('tbody tr').first().waitFor();
  console.log(
    `list of ${count} shown after ${Math.round(performance.now() - begin)} ms, ${await page.locator('tbody tr').count()} rows drawn`,
  );

  const report = async (name: string, what: string) => {
    const { frames, median, worst } = await framesDuring(page, what);
    console.log(`${name}: ${frames} frames, median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`);
  };
  const frame = 'await new Promise(requestAnimationFrame);';
  await report(
    'scrolling from end to end',
    `const box = document.querySelector('.run-table'); const step = (box.scrollHeight - box.clientHeight) / 200;
     for (let i = 0; i <= 200; i++) { box.scrollTop = i * step; ${frame} }`,
  );
  // From a key to the rows drawn, waiting for the next frame included; and what of it the page's thread works for, whoever else works.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value;
  const workedBefore = await worked();
  const typing = (await page.evaluate(`(async () => {
    const input = document.querySelector('input[type=search]');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const times = [];
    for (const words of ['b', 'be', 'beta', 'beta>0', 'beta>0.1', 'beta>0.1 learn=omega', 'rate<0.03', '-boston', '']) {
      const begin = performance.now();
      set.call(input, words);
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      times.push(performance.now() - begin);
    }
    return times;
  })()`)) as number[];
  console.log(
    `filter, from key to drawn: ${typing.map((time) => time.toFixed(0)).join(', ')} ms; processor ${((1000 * ((await worked()) - workedBefore)) / typing.length).toFixed(1)} ms each`,
  );

  const picking = performance.now();
  await page.getByLabel('Pick all that the filter lets through').check();
  await page.getByText(`${count} runs picked`).waitFor();
  await page.getByText(/loading \d+/).waitFor({ state: 'detached' });
  await page.getByText(/^\d+ curves$/).waitFor();
  console.log(`all ${count} picked, their means drawn after ${Math.round(performance.now() - picking)} ms`);
  await report(
    'the first change to each by itself',
    `
    const select = [...document.querySelectorAll('select')].find((each) => [...each.options].some(({ value }) => value === 'each'));
    select.value = 'each'; select.dispatchEvent(new Event('change', { bubbles: true }));
    for (let i = 0; i < 20; i++) { ${frame} }`,
  );
  await page.getByText(`${count} curves`).waitFor();
  console.log(`  now ${await page.locator('.legend-place').first().textContent()}`);
  await report(
    'pointing along the curves',
    `
    const over = document.querySelector('.u-over'); const { left, top, width, height } = over.getBoundingClientRect();
    for (let i = 0; i < 120; i++) {
      over.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: left + (i / 120) * width, clientY: top + height * (0.5 + 0.4 * Math.sin(i / 5)) }));
      ${frame}
    }`,
  );
  await report(
    'scrolling with all picked',
    `const box = document.querySelector('.run-table'); for (let i = 0; i <= 100; i++) { box.scrollTop = i * 60; ${frame} }`,
  );
  await report(
    'letting one go and picking it again',
    `
    for (let i = 0; i < 6; i++) { document.querySelector('tbody input').click(); ${frame} ${frame} ${frame} }`,
  );
  await browser.close();
  await served.close();
}

void measure();
