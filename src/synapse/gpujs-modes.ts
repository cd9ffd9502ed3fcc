/** GPU.js modes that give their results at once; `auto` takes the fastest of them that this machine has. */
export const synchronousModes = ['auto', 'webgl2', 'headlessgl', 'webasm', 'cpu'] as const;
/** A mode of GPU.js whose kernels give their results at once. */
export type SynchronousMode = (typeof synchronousModes)[number];

/** All GPU.js modes that can be asked for by name; `auto` takes the fastest one that this machine has. */
export const gpujsModes = [...synchronousModes, 'webgpu'] as const;
/** A mode of GPU.js. */
export type GpujsMode = (typeof gpujsModes)[number];
