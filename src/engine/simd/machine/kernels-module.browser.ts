import address from '../../../../dist/src/engine/simd/kernels.wasm?url';

/** Fetched before anything asks for it, since engines make their kernels at once. */
const compiled = new WebAssembly.Module(await fetched(address));

async function fetched(from: string): Promise<Uint8Array> {
  const response = await fetch(from);
  if (!response.ok) throw new Error(`${from} cannot be had: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The compiled kernels. */
export const kernelsModule = (): WebAssembly.Module => compiled;
