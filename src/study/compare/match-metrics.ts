import { distance } from 'fastest-levenshtein';
import { InputError } from '../../core/errors';
import { ofMethods } from './metrics';

/**
 * The metrics that a pattern names, in their own order: those whose path ends with it, `after` for `test.after`; else those that it is a part of, `test` for all
 * of `test`. Of these, the ones with the least before it: `accuracy[*]` is a method's last accuracy, and not that of `curve[tasks=0].accuracy[steps=1]`. A `*`
 * stands for any text without a dot, `[*]` for any entry of a list, `methods.NAME` for any method's.
 */
export function matchMetrics(pattern: string, metrics: readonly string[]): string[] {
  const text = pattern.trim().replace(/^methods\.[^.[\]]+\./, '');
  if (text === '') return [];
  const whole = partsPattern(text);
  return nearRoot(new RegExp(`^${whole}$`), metrics) ?? nearRoot(new RegExp(`^${whole}[.[]`), metrics) ?? [];
}

/** The metrics of which the rest fits behind the fewest parts; null where there are none. */
function nearRoot(fits: RegExp, metrics: readonly string[]): string[] | null {
  const depths = metrics.map((metric) => {
    const parts = partsOf(metric);
    const depth = parts.findIndex((_, i) => fits.test(parts.slice(i).join('.')));
    return depth < 0 ? Infinity : depth;
  });
  const least = Math.min(Infinity, ...depths);
  return least === Infinity ? null : metrics.filter((_, i) => depths[i] === least);
}

/** The parts of a metric's path, without that it is a method's. */
function partsOf(metric: string): string[] {
  const own = metric.startsWith(ofMethods) ? metric.slice(ofMethods.length) : metric;
  return own.match(/(?:\[[^\]]*\]|[^.[\]])+/g) ?? [];
}

/** A pattern's text as a regular expression. */
function partsPattern(text: string): string {
  const escaped = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const starred = (part: string) => part.split('*').map(escaped).join('(?:\\[[^\\]]*\\]|[^.[\\]])*');
  return text.split('[*]').map(starred).join('\\[[^\\]]*\\]');
}

/**
 * The metrics that patterns name, each once, in the order of the patterns.
 * @param unknown What the error says where one names none.
 * @throws InputError then, with the nearest there are.
 */
export function chooseMetrics(
  patterns: readonly string[],
  metrics: readonly string[],
  unknown = standardError,
): string[] {
  const all = patterns.flatMap((pattern) => {
    const found = matchMetrics(pattern, metrics);
    if (found.length === 0) throw unknownMetric(pattern, metrics, unknown);
    return found;
  });
  return [...new Set(all)];
}

const standardError = { what: 'No run has such a metric', advice: 'List them all with --list-metrics' };

function unknownMetric(
  pattern: string,
  metrics: readonly string[],
  { what, advice }: { what: string; advice: string },
): InputError {
  const near = nearestNames(pattern, metrics);
  return new InputError({
    what,
    got: pattern,
    legal: near.length === 0 ? 'none: no number was written' : `such as ${near.join(', ')}`,
    advice,
  });
}

/** The names nearest to what was typed, by the best of each name's ends. */
export function nearestNames(typed: string, names: readonly string[], most = 3): string[] {
  const text = typed.toLowerCase();
  const far = (name: string) => {
    const parts = name.toLowerCase().split('.');
    return Math.min(
      ...parts.map((_, i) => distance(text, parts.slice(i).join('.'))),
      distance(text, parts[0]!),
    );
  };
  const measured = names.map((name) => [name, far(name)] as const);
  return measured
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}
