import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { evaluate } from 'mathjs';
import npyjs from 'npyjs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../browser/open-page';

const main = path.resolve(__dirname, '../../../../dist/src/cli/main.js');
const axe = require.resolve('axe-core');
const executablePath = findChromium();

interface Trace {
  readonly rows: number;
  readonly variables: readonly string[];
  /** Of a row, a variable and a column, as npyjs reads the file. */
  value(row: number, variable: string, column: number): number;
  /** task, phase, beta, step and residual of a row. */
  moment(row: number): readonly number[];
}

/** A trace's files, read by a reader that is not this project's. */
async function readTrace(folder: string, name: string): Promise<Trace> {
  const about = JSON.parse(fs.readFileSync(path.join(folder, 'traces/index.json'), 'utf8')).traces[name];
  const read = async (file: string) => {
    const bytes = fs.readFileSync(path.join(folder, 'traces', file));
    const parsed = await new npyjs({ convertFloat16: false }).load(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    return { shape: parsed.shape, data: parsed.data as Float64Array };
  };
  const [values, moments] = [await read(about.file), await read(about.when.file)];
  const [rows = 0, variables = 0, synapses = 0] = values.shape;
  const columns = moments.shape[1]!;
  return {
    rows,
    variables: about.variables,
    value: (row, variable, column) =>
      values.data[(row * variables + about.variables.indexOf(variable)) * synapses + column]!,
    moment: (row) => Array.from(moments.data.subarray(row * columns, (row + 1) * columns)),
  };
}

(executablePath === undefined ? describe.skip : describe)('the view of synapses', () => {
  const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'synapses-view-'));
  let [server, browser]: [ChildProcess | undefined, Browser | undefined] = [undefined, undefined];
  let page: Page;
  let address = '';
  const complaints: string[] = [];
  const folders: Record<string, string> = {};

  beforeAll(async () => {
    for (const scenario of ['boston', 'one-synapse']) {
      execFileSync(process.execPath, [main, 'run', scenario, '--preset', 'smoke', '--quiet', '--runs', runs]);
      folders[scenario] = path.join(runs, fs.readdirSync(runs).find((name) => name.includes(scenario))!);
    }
    server = spawn(process.execPath, [main, 'inspect', runs, '--port', '0']);
    address = await new Promise<string>((resolve) =>
      server!.stdout!.once('data', (line) => resolve(String(line).trim())),
    );
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill();
    fs.rmSync(runs, { recursive: true });
  });
  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  const open = async (scenario: string, query: string) => {
    await page.goto(
      `${address}?view=synapses&run=${encodeURIComponent(path.basename(folders[scenario]!))}&${query}`,
    );
    await page.locator('.maps canvas').first().waitFor();
    await ready();
  };
  /** Until something is true in the page. Asked again and again from here: the page's policy lets no text be evaluated there. */
  const until = async (expression: string) => {
    for (const end = Date.now() + 30_000; !(await page.evaluate<boolean>(expression)); )
      if (Date.now() > end) throw new Error(`This did not come true: ${expression}`);
  };
  const askedIn = (name: string) => `new URLSearchParams(location.search).get('${name}')`;
  const drawn = 'document.querySelector(".maps")?.dataset.row';
  /** Until the row that the address names is the one that is drawn. */
  const ready = () => until(`${drawn} === (${askedIn('row')} ?? '0')`);
  const asked = (name: string): Promise<string | null> => page.evaluate(askedIn(name));
  const map = (variable: string, block: number) =>
    page.locator(`.map-box[data-variable="${variable}"][data-block="${block}"]`);
  /** The number that the read-out has of a variable. */
  const readOut = async (symbol: string) =>
    Number(await page.locator('.read-out-value', { hasText: symbol }).locator('b').first().textContent());
  /** The lines of the account on screen: the formula with numbers in it, and what it is said to come to. */
  const shownLines = async () =>
    Promise.all(
      (await page.locator('.account-formula').all()).map(async (line) => ({
        numbers: (await line.locator('> .muted').textContent())!.replace(/^= /, ''),
        value: Number(await line.locator('b').textContent()),
      })),
    );
  const openValue = async (variable: string, column: number) =>
    Number(
      await page.locator(`.open-values [data-column="${column}"][data-variable="${variable}"]`).textContent(),
    );
  /** The middle of a cell of a map of one pixel a cell and so many columns. */
  const place = async (variable: string, block: number, columns: number, rows: number, cell: number) => {
    const box = (await map(variable, block).boundingBox())!;
    return {
      x: ((cell % columns) + 0.5) * (box.width / columns),
      y: (Math.floor(cell / columns) + 0.5) * (box.height / rows),
    };
  };

  test('has the numbers of the files, to the last bit, for any cell and row', async () => {
    const trace = await readTrace(folders.boston!, 'synapses');
    // 13 inputs to 20 units: columns of the trace are weights, row by row.
    for (const [row, cell] of [
      [0, 0],
      [3, 259],
      [7, 13 * 11 + 4],
      [trace.rows - 1, 200],
    ] as const) {
      await open('boston', `trace=synapses&row=${row}`);
      await map('phi', 0).click({ position: await place('phi', 0, 13, 20, cell) });
      expect(await asked('synapse')).toBe(String(cell));
      for (const variable of trace.variables)
        expect(await openValue(variable, cell)).toBe(trace.value(row, variable, cell));
      expect(await readOut('φ')).toBe(trace.value(row, 'phi', cell));
      expect(await readOut('λ')).toBe(trace.value(row, 'lambda', cell));
    }
  });

  test('marks the cell that is pointed at in all maps, and reads it anew as rows pass under a still cursor', async () => {
    const trace = await readTrace(folders.boston!, 'synapses');
    await open('boston', 'trace=synapses&row=2');
    await map('lambda', 0).hover({ position: await place('lambda', 0, 13, 20, 30) });
    await until(`document.querySelectorAll('.mark-hovered').length === 2`);
    expect(await readOut('φ')).toBe(trace.value(2, 'phi', 30));
    // Keys go to the slider, and the pointer stays where it is.
    await page.locator('.scrubber-range').focus();
    for (const row of [3, 4, 5]) {
      await page.keyboard.press('ArrowRight');
      await until(`${drawn} === '${row}'`);
      expect(await readOut('φ')).toBe(trace.value(row, 'phi', 30));
    }
  });

  test('steps by row, phase and task as the trace’s moments say', async () => {
    const trace = await readTrace(folders['one-synapse']!, 'steps');
    const key = (row: number) => trace.moment(row).slice(0, 2).join();
    const task = (row: number) => trace.moment(row)[0];
    await open('one-synapse', 'trace=steps&row=10');
    await page.locator('.scrubber-range').focus();
    const go = async (keys: string, to: number) => {
      await page.keyboard.press(keys);
      await until(`(${askedIn('row')} ?? '0') === '${to}'`);
    };
    const next = (from: number, of: (row: number) => unknown) => {
      let to = from;
      while (of(to) === of(from)) to++;
      return to;
    };
    await go('ArrowRight', 11);
    const phase = next(11, key);
    await go('Shift+ArrowRight', phase);
    const second = next(phase, task);
    await go('Control+ArrowRight', second);
    await go('Shift+ArrowLeft', phase);
    await go('Control+ArrowLeft', 0);
    await go('End', trace.rows - 1);
    await go('Shift+ArrowRight', trace.rows - 1);
  });

  test('is used by keys alone: to a map, over its cells, to the synapse', async () => {
    const trace = await readTrace(folders.boston!, 'synapses');
    await open('boston', 'trace=synapses&row=4');
    await map('phi', 0).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'End', 'ArrowLeft'])
      await page.keyboard.press(key);
    // Two to the right, one down, to the last column, one back.
    const cell = 13 + 11;
    expect(await readOut('φ')).toBe(trace.value(4, 'phi', cell));
    await page.keyboard.press('Enter');
    expect(await asked('synapse')).toBe(String(cell));
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await until(`${askedIn('with')} === '13'`);
    expect(await openValue('phi', 13)).toBe(trace.value(4, 'phi', 13));
  });

  test('shows what nudging makes of the equilibria: phi of the nudged phase minus that of the free one', async () => {
    const trace = await readTrace(folders.boston!, 'synapses');
    await open('boston', 'trace=synapses&row=5&minus=nudged&synapse=40');
    const [task] = trace.moment(5);
    const row = (phase: number) =>
      Array.from({ length: trace.rows }, (_, i) => i).find(
        (i) => trace.moment(i)[0] === task && trace.moment(i)[1] === phase,
      )!;
    expect(await readOut('φ')).toBe(trace.value(row(1), 'phi', 40) - trace.value(row(0), 'phi', 40));
    await open('boston', 'trace=synapses&row=5&minus=row1&synapse=40');
    expect(await readOut('φ')).toBe(trace.value(5, 'phi', 40) - trace.value(1, 'phi', 40));
  });

  test('is restored whole by its address', async () => {
    const query =
      'trace=steps&row=421&synapse=0&var=phi&zoom=300-700&scale=frame&ends=phi%3A-1%3A2&cell=16&minus=row300';
    await open('one-synapse', query);
    await page.locator('.courses .chart-drawing canvas').first().waitFor();
    const stand = async () => ({
      words: await page.locator('.scrubber-words').textContent(),
      maps: await page.locator('.map-box').count(),
      size: (await page.locator('.map-box').boundingBox())!.width,
      ends: await page.locator('.colour-ends').textContent(),
      readOut: await page.locator('.read-out').textContent(),
      note: await page.locator('.courses .chart-note').first().textContent(),
      title: await page.locator('.courses .chart-title').textContent(),
    });
    const first = await stand();
    expect(first).toMatchObject({
      maps: 1,
      size: 16,
      ends: 'Colours of φ from -1 to 2: set their ends',
      title: 'φ of synapse 0',
    });
    expect(first.words).toContain('row 421 of');
    expect(first.note).toContain('Each point is a row.');
    await page.reload();
    await page.locator('.courses .chart-drawing canvas').first().waitFor();
    await ready();
    expect(await stand()).toEqual(first);
    for (const [name, value] of new URLSearchParams(query)) expect(await asked(name)).toBe(value);
  });

  test('says what the rule saw and did, with the numbers that were recorded, and leads to the next meta-update', async () => {
    const trace = await readTrace(folders.boston!, 'meta-updates');
    await open('boston', 'trace=meta-updates&row=1&synapse=7');
    const change = page.locator('.account-variable h3');
    await change.waitFor();
    const numbers = async () => (await change.locator('.mono').allTextContents()).map(Number);
    const expected = (row: number) => {
      const [before, after] = ['lambda.value', 'lambda.after'].map((name) => trace.value(row, name, 7));
      return [before, after, after! - before!];
    };
    expect(await numbers()).toEqual(expected(1));
    await page.getByRole('button', { name: 'next meta-update' }).click();
    await until(`document.querySelector('.account-line')?.textContent.includes('row 2.')`);
    expect(await numbers()).toEqual(expected(2));
    const lines = await shownLines();
    expect(lines.length).toBeGreaterThan(2);
    for (const { numbers: text, value } of lines) {
      const found: number = evaluate(text);
      // Numbers in a formula are shown with as many digits as give the value to five.
      expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-4 * Math.abs(value));
    }
    const after = trace.value(2, 'lambda.after', 7);
    expect(Math.abs(lines.at(-1)!.value - after)).toBeLessThanOrEqual(1e-5 * Math.abs(after));
    await page.getByRole('link', { name: 'synapses', exact: true }).click();
    await until(`${askedIn('trace')} === 'synapses'`);
    expect(await asked('synapse')).toBe('7');
    const ends = await readTrace(folders.boston!, 'synapses');
    expect(ends.moment(Number(await asked('row')))[0]).toBe(trace.moment(2)[0]);
  });

  test('saves the numbers of a row, whole', async () => {
    const trace = await readTrace(folders.boston!, 'synapses');
    await open('boston', 'trace=synapses&row=6');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save all synapses of this row as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/boston.*-synapses-row6\.csv$/);
    const [head, ...lines] = fs
      .readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n');
    expect(head).toBe('synapse,layer,parameter,to,from,depth,row,column,phi,lambda');
    expect(lines).toHaveLength(301);
    lines.forEach((line, column) => {
      const parts = line.split(',');
      expect([Number(parts[0]), Number(parts[8]), Number(parts[9])]).toEqual([
        column,
        trace.value(6, 'phi', column),
        trace.value(6, 'lambda', column),
      ]);
    });
  });

  test.each(['light', 'dark'] as const)('has no serious finding of axe in a %s theme', async (theme) => {
    await open('boston', `trace=meta-updates&row=1&synapse=7&with=30&theme=${theme}`);
    await page.locator('.courses .chart-drawing canvas').first().waitFor();
    await page.locator('.account-variable').waitFor();
    // By the browser's own tools, since the page's policy lets no script in.
    await page.evaluate(fs.readFileSync(axe, 'utf8'));
    const { violations } = await page.evaluate<AxeResult>('axe.run()');
    const found = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(found).toEqual([]);
  });

  test('zooms its courses by the wheel with Ctrl, shows all again, and goes to the row that is clicked', async () => {
    const trace = await readTrace(folders['one-synapse']!, 'steps');
    await open('one-synapse', 'trace=steps&row=10&synapse=0&var=phi');
    const plot = page.locator('.courses .u-over');
    await plot.waitFor();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.keyboard.down('Control');
    // Each turn is waited for: they would else come in between what is asked below.
    for (let i = 0; i < 6; i++) {
      const before = await asked('zoom');
      await page.mouse.wheel(0, -100);
      await until(`${askedIn('zoom')} !== ${JSON.stringify(before)}`);
    }
    await page.keyboard.up('Control');
    await until(
      `document.querySelector('.courses .chart-note').textContent.includes('Each point is a row.')`,
    );
    const [from = 0, to = 0] = (await asked('zoom'))!.split('-').map(Number);
    // The middle stays in the middle, to a row each time.
    expect(Math.abs((from + to) / 2 - trace.rows / 2)).toBeLessThan(8);
    // The charts show it, once the stretch asked for is drawn.
    await until(
      `document.querySelector('.courses').textContent.includes('Shown: row from ${from} to ${to - 1}.')`,
    );
    await plot.click({ position: { x: box.width / 4, y: box.height / 2 } });
    const wanted = from + (to - 1 - from) / 4;
    await until(`Math.abs(Number(${askedIn('row')}) - ${wanted}) < 3`);
    await page.getByRole('button', { name: 'Show all' }).click();
    await until(`${askedIn('zoom')} === null`);
  });

  test('follows a run that goes on to its last row', async () => {
    const settings = ['--set', 'metaSteps=150', '--name', 'live'];
    const run = spawn(
      process.execPath,
      [main, 'run', 'one-synapse', '--preset', 'smoke', '--quiet', '--runs', runs, ...settings],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => run.once('exit', resolve));
    const folder = () => fs.readdirSync(runs).find((name) => name.includes('live'));
    while (folder() === undefined || !fs.existsSync(path.join(runs, folder()!, 'traces/steps.when.npy')))
      await new Promise((resolve) => setTimeout(resolve, 50));
    folders.live = path.join(runs, folder()!);
    await page.goto(
      `${address}?view=synapses&run=${path.basename(folders.live)}&trace=steps&synapse=0&follow=1`,
    );
    const seen = new Set<string>();
    const over = ended.then(() => true);
    while (!(await Promise.race([over, new Promise((resolve) => setTimeout(() => resolve(false), 100))])))
      seen.add(String(await page.evaluate(drawn)));
    const trace = await readTrace(folders.live, 'steps');
    await until(`${drawn} === '${trace.rows - 1}'`);
    expect(await openValue('phi', 0)).toBe(trace.value(trace.rows - 1, 'phi', 0));
    // It was there while the run went on, and not only at its end.
    expect(seen.size).toBeGreaterThan(2);
  });

  test('is no wider than a narrow window', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await open('boston', 'trace=meta-updates&row=1&synapse=7&with=30');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    await page.setViewportSize({ width: 1440, height: 1000 });
  });
});

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
