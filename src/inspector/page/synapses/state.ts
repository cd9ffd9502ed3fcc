import { type Codec, count, listOf, oneOf, yesOrNo } from '../state/codec';
import { row, state, synapse, trace, variable } from '../state/state';
import { endsFromText, type OwnEnds, scaleChoices, textOfEnds } from './colour/scale-choice';
import { textOfView, type View, viewFromText } from './difference/compared';
import { speeds } from './scrubber/playback';

const differences: Codec<View> = {
  read: (written) => {
    const read = viewFromText(written);
    return textOfView(read) === written ? read : undefined;
  },
  write: textOfView,
  legal: 'nudged, nudged2, ..., or row120',
};

const ends: Codec<OwnEnds> = {
  read: endsFromText,
  write: textOfEnds,
  legal: 'VARIABLE:LOW:HIGH, such as phi:-0.5:0.5',
};

/** Rows from the first up to but not the second. */
const stretch: Codec<readonly [number, number] | null> = {
  read: (written) => {
    if (written === '') return null;
    const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(written) ?? [];
    return from !== undefined && Number(from) < Number(to) ? [Number(from), Number(to)] : undefined;
  },
  write: (value) => (value === null ? '' : `${value[0]}-${value[1]}`),
  legal: 'FROM-TO, two rows',
};

const valuesView: View = { kind: 'values' };

/** What the maps show instead of values as they are. */
export const difference = state.parameter('minus', differences, valuesView);
export const scale = state.parameter('scale', oneOf(...scaleChoices), 'robust');
/** Ends of colours that the user has set, by variable. */
export const ownEnds = state.parameter<readonly OwnEnds[]>('ends', listOf(ends), []);
/** Whether a variable has the same colours in all layers. */
export const common = state.parameter('common', yesOrNo, false);
/** CSS pixels of a cell; 0 is as many as fit. */
export const cellPixels = state.parameter('cell', count, 0);
/** Synapses that are compared with the one that is open. */
const pinned = state.parameter<readonly number[]>('with', listOf(count), []);
/** Rows that the charts show; null for all. */
export const zoom = state.parameter('zoom', stretch, null);
/** Whether the scrubber goes to each new last row. */
export const follow = state.parameter('follow', yesOrNo, false);
export const speed = state.parameter('speed', count, speeds[2]);

/** The synapse that is open, and those beside it, each once. */
export const openSynapses = (): readonly number[] =>
  synapse.value === null ? [] : [...new Set([synapse.value, ...pinned.value])];

/** What opens these synapses and no others. */
export const openOnly = (columns: readonly number[]) => [
  synapse.to(columns[0] ?? null),
  pinned.to(columns.slice(1)),
];

/** Opens a synapse; with `beside`, those open stay, and one that is open is closed. */
export function openSynapse(column: number, beside: boolean): void {
  const open = openSynapses();
  const others = open.filter((other) => other !== column);
  if (beside) state.go(openOnly(open.includes(column) ? others : [...open, column]));
  else state.go(openOnly([column, ...pinned.value.filter((other) => other !== column)]));
}

export const goToRow = (to: number) => state.slide([row.to(to), follow.to(false)]);

/** Another trace: its rows and columns are others. */
export const changesForTrace = (name: string) => [
  ...[trace.to(name), row.to(0), synapse.to(null), pinned.to([]), zoom.to(null)],
  ...[variable.to(''), difference.to(valuesView), ownEnds.to([])],
];
