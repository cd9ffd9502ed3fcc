import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { bundle } from './bundle';

/** Where Debian and other systems put it; `CHROMIUM` says otherwise. Undefined where there is none. */
export const findChromium = (): string | undefined =>
  [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (candidate) => candidate !== undefined && existsSync(candidate),
  );

export const adapters = ['hardware', 'software'] as const;
/** Who stands behind WebGPU and WebGL2: the machine's graphics card, or SwiftShader, which runs the same shaders on the processor. */
export type Adapter = (typeof adapters)[number];

/** Chromium without a window gives a page no graphics card of itself. `CHROMIUM_FLAGS` takes the place of those for hardware. */
export function flagsOf(adapter: Adapter): string[] {
  if (adapter === 'software') {
    return [
      ...['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU'],
      ...['--use-vulkan=swiftshader', '--use-webgpu-adapter=swiftshader'],
    ];
  }
  const own = process.env.CHROMIUM_FLAGS?.split(/\s+/).filter(Boolean);
  return (
    own ?? [
      ...['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist'],
      ...['--use-angle=vulkan', '--disable-vulkan-surface'],
    ]
  );
}

/** A page in which a script has run, and what it, or a driver, had to complain about since. */
export interface OpenPage {
  readonly browser: Browser;
  readonly page: Page;
  readonly complaints: string[];
}

/** @param entry The file whose code, with all that it requires, is to run in the page. */
export async function openPage(executablePath: string, adapter: Adapter, entry: string): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath, args: flagsOf(adapter) });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A driver's note that a readback waits, which is what it is for.
    if (!message.text().includes('GPU stall due to ReadPixels')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  // Browsers have WebGPU on secure origins only, such as localhost; nothing is served, the page is made up here.
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto('http://localhost/');
  await page.addScriptTag({ content: bundle(entry) });
  return { browser, page, complaints };
}
