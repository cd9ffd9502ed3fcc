import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { parseHTML } from 'linkedom';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { findChromium } from '../../../browser/open-page';
import { type ServedPage, servedPage } from './served-page';

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn('The inspector is not tested in a browser: there is no Chromium here');

const patience = 120_000;
const row = (id: string) => `tr[data-id="${id}"]`;

/** Whose id ends so. */
const idOf = async (page: Page, end: string): Promise<string> =>
  (await page.locator(`tr[data-id$="${end}"]`).first().getAttribute('data-id'))!;

/** What axe finds that is serious. */
async function seriousIn(page: Page) {
  await page.evaluate(axe.source);
  const { violations, passes } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  expect(passes.length).toBeGreaterThan(10);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`)]);
}

(executablePath === undefined ? describe.skip : describe)('the inspector in a browser', () => {
  let served: ServedPage;

  beforeAll(async () => {
    served = await servedPage(executablePath!);
    for (const seed of ['1', '2', '3']) {
      served.make('one-synapse', '--preset', 'smoke', '--seed', seed, '--name', `one-${seed}`);
    }
    served.make('one-synapse', '--preset', 'smoke', '--set', 'beta=0.3', '--name', 'strong');
    served.make('sinusoid', '--preset', 'smoke', '--set', 'method=modulation', '--name', 'gains');
  }, patience);
  afterAll(() => served?.close());

  it('lists runs, filters them as one types, and keeps that in the address', async () => {
    const { page, complaints } = await served.open('');
    await page.locator(row(await idOf(page, 'strong-s1'))).waitFor();
    await page.getByLabel('Filter runs').fill('beta>0.1 -gains');
    await expect(page.locator('tbody tr').count()).resolves.toBe(1);
    await page.waitForURL(/filter=beta%3E0\.1/);
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByLabel('Filter runs').fill('bta>1');
    expect(await page.locator('#filter-problems').textContent()).toContain('called bta');
    expect(complaints).toEqual([]);
  });

  it('is sorted by its heads, and says so', async () => {
    const { page } = await served.open('');
    await page.getByRole('button', { name: /^seed/ }).click();
    const heads = await page.locator('thead th').allTextContents();
    const column = heads.findIndex((words) => words.startsWith('seed')) + 1;
    const seeds = () => page.locator(`td:nth-child(${column})`).allTextContents();
    expect(await page.locator('th[aria-sort]').textContent()).toContain('seed');
    const up = await seeds();
    await page.getByRole('button', { name: /^seed/ }).click();
    expect(up).toEqual(['1', '1', '1', '2', '3']);
    expect(await seeds()).toEqual(['3', '2', '1', '1', '1']);
  });

  it('is walked along, picked from and opened by keys alone; seeds come as a mean with its interval', async () => {
    const { page, complaints } = await served.open('?filter=one-synapse&sort=id');
    await page.locator(row(await idOf(page, 'one-1-s1'))).focus();
    for (const key of ['Space', 'ArrowDown', 'Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    await page.getByText('mean of 3 seeds, 95 % interval').waitFor();
    expect(await page.locator('tr[aria-selected="true"]').count()).toBe(3);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /one-3-s3/ }).waitFor();
    await page.goBack();
    await page.getByText('mean of 3 seeds').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what is under the cursor of a chart that keys move, has its numbers, and saves it as a vector drawing', async () => {
    const { page, complaints } = await served.open('?filter=one-1');
    await page.getByLabel('Pick all that the filter lets through').check();
    await page.getByLabel('Metric').selectOption('omega');
    const chart = page.getByRole('application');
    await chart.focus();
    await page.keyboard.press('End');
    await page.locator('[aria-live=polite]', { hasText: 'metaStep 4' }).waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowLeft');
    await page.locator('[aria-live=polite]', { hasText: 'metaStep 3' }).waitFor({ state: 'attached' });

    const save = async (kind: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `as ${kind}` }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const [svg, csv, png] = [await save('SVG'), await save('CSV'), await save('PNG')];
    expect(svg.name).toMatch(/one-1-s1-omega\.svg$/);
    const drawing = parseHTML(svg.bytes.toString()).document;
    expect(drawing.querySelectorAll('image')).toHaveLength(0);
    expect(drawing.querySelectorAll('g[clip-path] path').length).toBeGreaterThan(0);
    const records = readFileSync(
      path.join(served.folder, await idOf(page, 'one-1-s1'), 'metrics.ndjson'),
      'utf8',
    );
    const omegas = records
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).omega as number);
    const saved = csv.bytes.toString().trim().split('\n').slice(1);
    expect(saved.map((line) => Number(line.split(',')[1]))).toEqual(omegas);
    // Two pixels a unit, and more than the ground: the colours of ground, axes and curve.
    const { width, height, data } = PNG.sync.read(png.bytes);
    const size = ['width', 'height'].map((name) => 2 * Number(drawing.documentElement.getAttribute(name)));
    expect([width, height]).toEqual(size);
    expect(Math.min(width, height)).toBeGreaterThan(100);
    const colours = new Set(new Uint32Array(data.buffer, data.byteOffset, width * height));
    expect(colours.size).toBeGreaterThan(2);

    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('region', { name: 'ω' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('opens the run whose curve is clicked', async () => {
    const { page, complaints } = await served.open('?filter=one-synapse seed=1 -copy');
    for (const [name, id] of [
      ['β 0.3', await idOf(page, 'strong-s1')],
      ['β 0.1', await idOf(page, 'one-1-s1')],
    ] as const) {
      await page.getByLabel('Pick all that the filter lets through').check();
      await page.getByLabel('Metric').selectOption('omega');
      await page.locator('.overlay .legend-item', { hasText: name }).waitFor();
      const plot = (await page.locator('.overlay .u-over').boundingBox())!;
      const near = page.locator('.overlay .legend-near', { hasText: name });
      // Down the right end, though not on the outermost pixels, where uPlot takes a click for a drag, until the cursor is nearest to that curve.
      for (let y = 4; y < plot.height - 4; y += 4) {
        await page.mouse.move(plot.x + 0.98 * plot.width, plot.y + y);
        // What is near is drawn with the next frame.
        await page.waitForTimeout(50);
        if ((await near.count()) === 1) break;
      }
      expect(await near.count()).toBe(1);
      await page.mouse.down();
      await page.mouse.up();
      await page.getByRole('heading', { name: id }).waitFor();
      await page.goBack();
    }
    expect(complaints).toEqual([]);
  });

  it('shows a run: its parts by arrow keys, a phase led to in the synapses, and back', async () => {
    const { page, complaints } = await served.open('?filter=one-2');
    await page.locator('tbody a').first().click();
    await page.getByText('One synapse, drawn to 1').waitFor();
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('application', { name: /heldOut/ }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('link', { name: 'row 3', exact: true }).click();
    await page.waitForURL(/view=synapses.*row=3/);
    await page.goBack();
    await page.getByRole('tab', { name: 'Clock', selected: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows gains and thresholds of neurons by task, and says of a run that has none that it has none', async () => {
    const { page } = await served.open('');
    const [gains, one] = [await idOf(page, 'gains-s1'), await idOf(page, 'one-1-s1')];
    await page.goto(`${served.address}?view=run&tab=neurons&run=${gains}`);
    await page.getByRole('application', { name: /^gain of layer 1: .* by task/ }).waitFor();
    await page.getByRole('application', { name: /^threshold of layer 1/ }).waitFor();
    await page.goto(`${served.address}?view=run&tab=neurons&run=${one}`);
    await page.getByText('No trace of this run has gain or threshold').waitFor();
  });

  it('says what is wrong with a run of a name that is not there', async () => {
    const { page } = await served.open('?view=run&run=nothing');
    await page.getByRole('alert').getByText('There is no such run').waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing serious that axe finds, %s',
    async (colorScheme) => {
      const { page } = await served.open('', { colorScheme });
      const id = await idOf(page, 'one-1-s1');
      for (const query of [
        '?picked=*',
        ...['overview', 'curves', 'clock', 'trust'].map((tab) => `?view=run&run=${id}&tab=${tab}`),
      ]) {
        await page.goto(`${served.address}${query}`);
        await page
          .locator(query === '?picked=*' ? '.chart-drawing' : '.tab-panel > *')
          .first()
          .waitFor();
        expect([query, await seriousIn(page)]).toEqual([query, []]);
      }
    },
    patience,
  );

  it('does not scroll sideways in a narrow window', async () => {
    const { page } = await served.open('', { viewport: { width: 400, height: 800 } });
    const id = await idOf(page, 'one-1-s1');
    for (const query of [
      '?picked=*',
      ...['overview', 'curves', 'clock', 'trust'].map((tab) => `?view=run&run=${id}&tab=${tab}`),
    ]) {
      await page.goto(`${served.address}${query}`);
      await page
        .locator(query === '?picked=*' ? '.chart-drawing' : '.tab-panel > *')
        .first()
        .waitFor();
      const [wide, room] = (await page.evaluate(
        '[document.documentElement.scrollWidth, innerWidth]',
      )) as number[];
      expect([query, wide]).toEqual([query, room]);
    }
  });

  it(
    'follows a run as it goes on, without losing what is picked, scrolled to or focused; dead when killed',
    async () => {
      const { page } = await served.open('?sort=id', { viewport: { width: 1280, height: 300 } });
      const strong = await idOf(page, 'strong-s1');
      // Enough to scroll.
      for (let i = 10; i < 25; i++) {
        cpSync(path.join(served.folder, strong), path.join(served.folder, `copy-${i}`), { recursive: true });
      }
      await page.getByText('20 runs').first().waitFor();
      await page.locator(row(strong)).focus();
      await page.keyboard.press('Space');
      await page.getByRole('application').waitFor();
      const box = page.locator('.run-table');
      await box.evaluate((element) => element.scrollTo(0, 40));
      const place = () =>
        page.locator(row(strong)).evaluate((element) => element.getBoundingClientRect().top);
      const top = await place();
      const child = served.begin(
        'boston',
        '--preset',
        'smoke',
        '--set',
        'metaSteps=100000',
        '--name',
        'alive',
      );
      const state = page.locator('tr[data-id$="alive-s1"] .state');
      await state.getByText('running').waitFor({ state: 'attached', timeout: 30_000 });
      expect(await place()).toBe(top);
      expect(await page.evaluate('document.activeElement.dataset.id')).toBe(strong);
      expect(await page.locator('tr[aria-selected="true"]').getAttribute('data-id')).toBe(strong);

      // In another page the curves of the running run grow.
      const { page: other } = await served.open(`?view=run&tab=curves&run=${await idOf(page, 'alive-s1')}`);
      const rows = async () =>
        Number(await other.locator('.number-table table').first().getAttribute('aria-rowcount'));
      await other.getByRole('button', { name: 'Table' }).first().click();
      await other.locator('.number-table').first().waitFor();
      const before = await rows();
      for (let i = 0; i < 100 && (await rows()) <= before; i++) await other.waitForTimeout(200);
      expect(await rows()).toBeGreaterThan(before);

      child.kill('SIGKILL');
      await once(child, 'exit');
      await state.getByText('dead').waitFor({ state: 'attached', timeout: 30_000 });
      await other.locator('.run-head').getByText('dead').waitFor({ timeout: 30_000 });
    },
    patience,
  );

  it('shows a run whose files are broken as that, with what is wrong', async () => {
    served.make('one-synapse', '--preset', 'smoke', '--name', 'broken');
    const { page } = await served.open('?filter=broken');
    const id = await idOf(page, 'broken-s1');
    writeFileSync(path.join(served.folder, id, 'config.json'), '{"format": 4, "scen');
    await page
      .locator(`${row(id)} .state`)
      .getByText('broken')
      .waitFor({ timeout: 30_000 });
    expect(await page.locator(`${row(id)} .wrong`).textContent()).toMatch(/config\.json/);
  });
});
