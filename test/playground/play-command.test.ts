import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../browser/open-page';

const executablePath = findChromium();
const main = join(__dirname, '../../dist/src/cli/main.js');

/** The command, once it has said where it serves. */
async function play(): Promise<{ readonly address: string; stop(): Promise<number | null> }> {
  const child = spawn(process.execPath, [main, 'play', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', () => reject(new Error('It has ended')));
  });
  return {
    address,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', (code) => resolve(code));
        child.kill('SIGINT');
      }),
  };
}

describe('metaplast play', () => {
  it('serves the page with a strict policy, refuses other names and what lies elsewhere, and ends by Ctrl-C', async () => {
    const served = await play();
    try {
      const page = await fetch(served.address);
      expect(page.status).toBe(200);
      const policy = page.headers.get('content-security-policy')!;
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
      expect(policy).not.toContain('unsafe-inline');
      expect(policy).not.toMatch(/'unsafe-eval'/);
      const { port } = new URL(served.address);
      for (const path of ['/../package.json', '/%2e%2e/package.json', '/api/runs']) {
        expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
      }
      expect((await fetch(served.address, { method: 'POST' })).status).toBe(405);
    } finally {
      expect(await served.stop()).toBe(0);
    }
  });

  (executablePath === undefined ? it.skip : it)('works in a browser as it is served', async () => {
    const served = await play();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(served.address);
      await page.waitForSelector('.verdict-good', { timeout: 60_000 });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await served.stop();
    }
  });
});
