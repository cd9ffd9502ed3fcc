/** Who carries out kernels. */
export interface Renderer {
  /** For people: a graphics card's own name, or what takes its place. */
  readonly name: string;
  /** Whether that is a real graphics processor. */
  readonly hardware: boolean;
}

/** What browsers have, as far as it is asked here. */
interface Browser {
  readonly navigator?: {
    readonly gpu?: { requestAdapter(): Promise<Adapter | null> };
  };
  readonly OffscreenCanvas?: new (
    width: number,
    height: number,
  ) => { getContext(kind: string): Context | null };
}
interface Adapter {
  readonly info?: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>> & {
    readonly isFallbackAdapter?: boolean;
  };
  readonly limits?: Readonly<Record<string, number>>;
  readonly isFallbackAdapter?: boolean;
}
interface Context {
  readonly RENDERER: number;
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(name: number): string;
}

const browser = globalThis as Browser;

/** Names under which processors draw without a graphics card. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render|warp|cpu/i;

/**
 * Why no graphics processor can name itself here, where that is plain without loading GPU.js: only WebGPU and an
 * OffscreenCanvas tell names. Undefined where one of them is there and must be asked.
 */
export function whyNoHardware(): string | undefined {
  if (browser.navigator?.gpu !== undefined || browser.OffscreenCanvas !== undefined) return undefined;
  return 'GPU.js has no graphics processor here: there is neither WebGPU nor an OffscreenCanvas';
}

/** Asks the browser who stands behind a mode of GPU.js. What does not name itself does not count as hardware. */
export async function rendererOf(mode: string): Promise<Renderer> {
  if (mode === 'webgpu') return webgpuRenderer();
  if (mode === 'webgl2') return webgl2Renderer();
  if (mode === 'headlessgl') return { name: 'headless-gl, which does not say what draws', hardware: false };
  return { name: mode === 'webasm' ? 'cpu, WebAssembly' : 'cpu, JavaScript', hardware: false };
}

/** An adapter of WebGPU, or null. It is asked for twice: a browser whose graphics process is only starting may answer once that there is none. */
export async function webgpuAdapter(): Promise<Adapter | null> {
  const gpu = browser.navigator?.gpu;
  return (await gpu?.requestAdapter()) ?? (await gpu?.requestAdapter()) ?? null;
}

async function webgpuRenderer(): Promise<Renderer> {
  const adapter = await webgpuAdapter();
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
  const fallback = isFallbackAdapter === true || adapter?.isFallbackAdapter === true;
  return named(name, fallback);
}

function webgl2Renderer(): Renderer {
  if (browser.OffscreenCanvas === undefined) return named('', false);
  const context = new browser.OffscreenCanvas(1, 1).getContext('webgl2');
  const unmasked = context?.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL;
  return named(context?.getParameter(unmasked ?? context.RENDERER) ?? '', false);
}

function named(name: string, fallback: boolean): Renderer {
  if (name === '') return { name: 'an unnamed device', hardware: false };
  return { name, hardware: !fallback && !software.test(name) };
}
