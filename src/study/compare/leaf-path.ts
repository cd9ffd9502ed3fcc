/**
 * A path with one key more: `synapse.lambda`, as `--set` takes it. A key that would be read as something else (it holds a dot, a bracket, or
 * nothing) stands in brackets, so that no two paths are one.
 */
export function withKey(path: string, key: string): string {
  if (!/^[^.[\]*=\s"]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Whether a value is an object with keys. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
