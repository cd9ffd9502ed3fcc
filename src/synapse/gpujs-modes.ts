/** GPU.js modes that can be asked for by name; `auto` takes the fastest one that this machine has. */
export const gpujsModes = ['auto', 'webgpu', 'webgl2', 'headlessgl', 'webasm', 'cpu'] as const;
export type GpujsMode = (typeof gpujsModes)[number];
