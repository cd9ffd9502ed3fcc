/**
 * Frames a second while the scrubber is moved over a long trace, in Chromium. Rows and synapses may be named:
 *
 *     npx ts-node -T test/inspector/page/synapses/measure.ts 1000000 100
 *
 * The scrubber goes over all rows in 240 steps, one each time that the page is about to draw.
 */
import path from 'node:path';
import { findChromium } from '../../../browser/open-page';
import { makeRun } from '../../../study/compare/made-runs';
import { TraceFiles } from '../../server/made-traces';
import { servedPage } from '../browser/served-page';

const [rows = 1_000_000, synapses = 100] = process.argv.slice(2).map(Number);

async function measure(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium here');
  const served = await servedPage(executablePath);
  try {
    const run = makeRun(path.join(served.folder, 'long'), {});
    new TraceFiles(run, 'synapses', {
      synapses,
      values: (row, into) => {
        for (let i = 0; i < into.length; i++) into[i] = Math.sin(row / 1000 + i);
      },
    }).growTo(rows);
    for (const open of ['', '0', '0&with=7']) {
      const { page, complaints } = await served.open(
        `?view=synapses&run=long&trace=synapses${open === '' ? '' : `&synapse=${open}`}`,
      );
      await page.locator('.maps canvas').first().waitFor();
      if (open !== '') await page.locator('.uplot').first().waitFor({ timeout: 60_000 });
      await page.waitForTimeout(3000);
      const { seconds, frames, drawn } = (await page.evaluate(scrub(rows))) as Scrubbed;
      const [median, slow, worst] = [0.5, 0.95, 1].map((part) =>
        frames[Math.ceil(part * frames.length) - 1]!.toFixed(0),
      );
      console.log(
        `${rows} x ${synapses}, open: ${open === '' ? 'none' : open.replace('&with=', ' and ')}: ${(frames.length / seconds).toFixed(0)} frames a second (median ${median} ms, 95 of 100 within ${slow} ms, worst ${worst} ms), ${(drawn / seconds).toFixed(0)} rows drawn a second${complaints.length > 0 ? `; ${complaints}` : ''}`,
      );
      await page.close();
    }
  } finally {
    await served.close();
  }
}

/** Runs in the page: as text, since there is no DOM here. */
const scrub = (rows: number): string => `(async () => {
  const range = document.querySelector('.scrubber-range');
  const maps = document.querySelector('.maps');
  const times = [];
  const drawn = new Set();
  await new Promise((resolve) => {
    const step = (time) => {
      times.push(time);
      range.value = String(Math.floor(((times.length - 1) / 240) * ${rows - 1}));
      range.dispatchEvent(new Event('input', { bubbles: true }));
      drawn.add(maps.dataset.row);
      if (times.length > 240) resolve();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  const frames = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  return { seconds: (times.at(-1) - times[0]) / 1000, frames, drawn: drawn.size };
})()`;

interface Scrubbed {
  readonly seconds: number;
  readonly frames: readonly number[];
  readonly drawn: number;
}

measure().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
