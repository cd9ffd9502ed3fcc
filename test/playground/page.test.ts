import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { findChromium } from '../browser/open-page';
import { type BuiltPage, openBuiltPage, until } from './built-page';

const executablePath = findChromium();
const patience = 60_000;

/** Whether nothing is being worked on. */
const atRest = `document.querySelector('.working')?.childElementCount === 0`;

const verdict = (page: Page, word: string) =>
  page.waitForSelector(`.verdict-${word.replace(' ', '-')}`, { timeout: patience });

/** Serious findings of axe-core in the page as it is. */
async function findings(page: Page): Promise<string[]> {
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  // By the protocol, which no content policy holds back.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

(executablePath === undefined ? describe.skip : describe)('the page of the playground', () => {
  let built: BuiltPage;
  let page: Page;
  beforeAll(async () => {
    built = await openBuiltPage(executablePath!);
    page = built.page;
  });
  afterAll(() => built?.close());
  const show = (query: string) => page.goto(`${built.server.address}${query}`);

  it('runs as it opens, and shows the verdict, the exact gradient and what it ran on', async () => {
    await verdict(page, 'good');
    expect(await page.textContent('.machine')).toMatch(/WebAssembly SIMD.*in one thread/);
    const rows = await page.$$eval('.numbers tbody tr', (all) => all.map((row) => row.textContent));
    expect(rows.map((row) => row![0])).toEqual(['ω', 'λ', 'a']);
  });

  it('breaks the gradient as beta is turned by the keyboard alone, and keeps it in its address', async () => {
    await show('?beta=0.2&estimator=forward');
    await verdict(page, 'good');
    await page.focus('input[type="range"][aria-label="β, slider"]');
    for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
    await page.waitForSelector('.verdict-no-equilibrium, .verdict-biased, .verdict-noisy', {
      timeout: patience,
    });
    await until(page, `Number(new URLSearchParams(location.search).get('beta')) > 1`);
  }, 90_000);

  it('shows by preset what it promises, and goes back by the history', async () => {
    await show('');
    await verdict(page, 'good');
    await page.click('text=β too small');
    await verdict(page, 'noisy');
    expect(await page.textContent('.presets p')).toContain('rounding');
    await page.goBack();
    await verdict(page, 'good');
  });

  it('says in the words of the library that there is no exact gradient on a saddle', async () => {
    await page.click('text=A saddle');
    await verdict(page, 'no equilibrium');
    expect(await page.textContent('.results')).toContain('The free phase has no strict minimum');
  });

  it('shows how a phase leaves every bound', async () => {
    await page.click('text=Negative β');
    await page.waitForSelector('[role="alert"]:has-text("Learning diverged")', { timeout: patience });
    await page.waitForSelector('text=φ through the free and the nudged phases');
  });

  it('says what is wrong in a penalty, and keeps what ran last', async () => {
    await show('?problem=one-synapse&freeSteps=400&nudgedSteps=400');
    await verdict(page, 'good');
    await page.fill('textarea', 'lambda * (phi - omega');
    await page.waitForSelector('.penalty .wrong:has-text("at character 22")');
    expect(await page.$('.verdict-good')).not.toBeNull();
    expect(new URL(page.url()).searchParams.get('penalty')).toBeNull();
    await page.fill('textarea', 'lambda * (phi - omega)^4');
    await page.waitForSelector('.rules code:has-text("4")');
    await until(page, `new URLSearchParams(location.search).get('penalty')?.includes('^4')`);
    await verdict(page, 'good');
  });

  it('keeps the first weights as sliders move and as it is reset, and draws others by a new seed', async () => {
    const firstPhi = async () => {
      await until(page, atRest);
      await page.waitForSelector('.numbers');
      const chart = page.locator('figure:has-text("φ through the free")');
      await chart.locator('button:has-text("Table")').click();
      const row = await chart.locator('tbody tr').first().textContent();
      await chart.locator('button:has-text("Table")').click();
      return row;
    };
    await show('?watched=5&freeSteps=300&nudgedSteps=300');
    const first = await firstPhi();
    await page.fill('label:text-is("β") ~ input.exact', '0.05');
    expect(await firstPhi()).toBe(first);
    await page.click('text=Reset');
    expect(await firstPhi()).toBe(first);
    await page.click('text=New seed');
    await until(page, `location.search.includes('seed=1')`);
    await page.fill('[aria-label^="Indices of the synapses"]', '5');
    await page.keyboard.press('Enter');
    expect(await firstPhi()).not.toBe(first);
  });

  it('works out the error by beta, and stops when asked to, and says so', async () => {
    await show('?freeSteps=100000&nudgedSteps=100000');
    await page.click('text=Stop');
    await until(page, atRest);
    expect(await page.textContent('.results')).toMatch(/stopped/);
    expect(await page.textContent('.results')).not.toMatch(/on its way|is worked out/);
    await show('?problem=one-synapse');
    await verdict(page, 'good');
    await page.click('text=Work it out');
    await page.waitForSelector('text=Relative error of the estimate', { timeout: patience });
  });

  it.each(['light', 'dark'] as const)('has nothing serious that axe-core finds: %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const query of ['', '?beta=0.000001', '?problem=one-synapse&estimator=forward&beta=-2']) {
      await show(query);
      await page.waitForSelector('.verdict-word:not(:has-text("..."))', { timeout: patience });
      expect(await findings(page)).toEqual([]);
    }
  });

  it('has had nothing to complain of', () => {
    expect(built.complaints).toEqual([]);
  });
});
