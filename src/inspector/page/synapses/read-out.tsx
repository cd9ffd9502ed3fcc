import { LiveWords } from '../chart/live-words';
import { synapse, variable } from '../state/state';
import { shown } from '../text/symbols';
import { cellInWords } from './cells/cell-words';
import { shownVariables } from './shown-variables';
import type { WatchedTrace } from './watched-trace';

/** A column in words; where no block holds it, by its number. */
export function columnInWords({ blocks }: Pick<WatchedTrace, 'blocks'>, column: number): string {
  for (const { block, cellOf } of blocks) {
    const cell = cellOf(column);
    if (cell >= 0) return cellInWords(block, cell);
  }
  return `synapse ${column}`;
}

/** The synapse that is pointed at, or the one that is open, with its values in full. It follows the scrubber under a still cursor. */
export function ReadOut({ watched }: { readonly watched: WatchedTrace }) {
  const { hovered, shown: frame } = watched;
  const column = hovered.value ?? synapse.value;
  const values = frame.value?.variables;
  if (column === null || column >= watched.info.synapses) {
    return (
      <p class="read-out read-out-empty">
        Point at a cell, or move among cells by arrow keys, to read its synapse; click it, or press Enter, to
        open it.
      </p>
    );
  }
  const words = columnInWords(watched, column);
  const names = shownVariables(watched.info.variables, variable.value);
  const parts = [...(values ?? [])]
    .filter(([name]) => names.includes(name))
    .map(
      ([name, { values: all, of, minus }]) =>
        [
          shown(name),
          String(all[column]),
          minus === null
            ? null
            : `${of[column]} − ${minus[column]! < 0 ? `(${minus[column]})` : minus[column]}`,
        ] as const,
    );
  return (
    <div class="read-out">
      <span class="read-out-name">
        {words} <span class="muted">(column {column})</span>
      </span>
      {parts.map(([name, value, made]) => (
        <span key={name} class="read-out-value">
          <i>{name}</i> <b class="mono">{value}</b>
          {made !== null && <span class="mono muted"> = {made}</span>}
        </span>
      ))}
      {hovered.value !== null && (
        <LiveWords words={`${words}: ${parts.map(([name, value]) => `${name} ${value}`).join(', ')}`} />
      )}
    </div>
  );
}
