/** A page works in one thread: memory is shared between several only where its server isolates it from all others. */
export const sideBySide: typeof import('./side-by-side').sideBySide = () => ({});
