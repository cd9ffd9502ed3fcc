import { colourVersion, resolved } from '../../colour/resolve';
import { type ColourKind, type ColourTable, colourTable, type Theme } from './colour-table';

const tables = new Map<string, ColourTable>();

/** The colours of a kind, made once. */
export function tableFor(kind: ColourKind, theme: Theme): ColourTable {
  const key = `${kind} ${theme}`;
  const before = tables.get(key) ?? colourTable(kind, theme);
  tables.set(key, before);
  return before;
}

/** The theme that is shown, whoever chose it. Reading it makes an effect follow it. */
export function themeNow(): Theme {
  colourVersion.value;
  const [red = 255] = resolved('var(--ground)').match(/\d+/g)?.map(Number) ?? [];
  return red < 128 ? 'dark' : 'light';
}
