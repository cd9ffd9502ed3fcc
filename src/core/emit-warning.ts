/**
 * Warns whoever uses the library from a program of their own: as a warning of the process, of the name `MetaplastWarning`,
 * which Node prints on stderr (`node --no-warnings` keeps it silent, `process.on('warning', ...)` hears it); in a browser, on
 * the console.
 */
export function emitWarning(line: string): void {
  const { process: node } = globalThis as { process?: Partial<NodeJS.Process> };
  if (node?.emitWarning === undefined) console.warn(`metaplast: ${line}`);
  else node.emitWarning(line, 'MetaplastWarning');
}
