/** Calls back when the event loop has turned once: also in browsers, which have no `setImmediate`. Returns what calls it off. */
export function nextTurn(callback: () => void): () => void {
  if (typeof setImmediate === 'function') {
    const pending = setImmediate(callback);
    return () => clearImmediate(pending);
  }
  const pending = setTimeout(callback, 0);
  return () => clearTimeout(pending);
}
