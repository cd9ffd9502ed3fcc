/** Whether bytes begin as everything that gzip packs. No file of images or labels begins like that. */
export const isPacked = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
