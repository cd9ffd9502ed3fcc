/** Kebab-case without what file systems refuse: `runs/a b`, `Held-out loss` give `a-b-held-out-loss`. */
export function fileStem(...parts: readonly string[]): string {
  const stem = parts
    .map((part) => part.split('/').at(-1)!)
    .join('-')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .toLowerCase();
  return stem.slice(0, 120) || 'metaplast';
}
