/** Browsers do not say how much a page may have. */
export const addressSpace = (): number => Infinity;

/** Why WebAssembly may have found no memory here, for an error. */
export const whyNoMemory = (): string => 'the browser lets this page have no more';
