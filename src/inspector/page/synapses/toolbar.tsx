import { useMemo } from 'preact/hooks';
import type { TraceInfo } from '../../protocol/runs';
import { download } from '../export/download';
import { state, variable } from '../state/state';
import { fileStem } from '../text/file-name';
import { counted } from '../text/numbers';
import { shown } from '../text/symbols';
import { type ScaleChoice, scaleChoices } from './colour/scale-choice';
import { textOfView, viewFromText } from './difference/compared';
import { frameCsv } from './export/frame-csv';
import { phaseInWords } from './scrubber/phases';
import { everyVariable, shownVariables } from './shown-variables';
import { cellPixels, changesForTrace, common, difference, scale } from './state';
import { useTaskPhases } from './use-task-phases';
import type { WatchedTrace } from './watched-trace';

interface ToolbarProps {
  readonly watched: WatchedTrace;
  readonly traces: readonly TraceInfo[];
}

const moments = {
  step: 'inner steps',
  'phase-end': 'ends of phases',
  'meta-update': 'meta-updates',
} as const;

const cellSizes = [0, 1, 2, 4, 8, 16, 32];

/** What is shown, and how. */
export function Toolbar({ watched, traces }: ToolbarProps) {
  const { info } = watched;
  const own = shownVariables(info.variables, '');
  return (
    <div class="synapses-tools" role="toolbar" aria-label="What is shown">
      <Choice
        label="Trace"
        value={info.name}
        choices={traces.map(({ name, at, synapses }) => [
          name,
          `${name}: ${moments[at]}, ${counted(synapses, 'synapse')}`,
        ])}
        onChoose={(name) => state.go(changesForTrace(name))}
      />
      {info.variables.length > 1 && (
        <Choice
          label="Variables"
          value={variable.value}
          choices={[
            ['', own.length > 4 ? `all ${own.length}` : own.map(shown).join(', ')],
            ...(own.length === info.variables.length
              ? []
              : [[everyVariable, `all, with what the rule saw (${info.variables.length})`] as const]),
            ...info.variables.map((name) => [name, shown(name)] as const),
          ]}
          onChoose={(name) => state.go([variable.to(name)])}
        />
      )}
      <DifferenceChoice watched={watched} />
      <Choice
        label="Colours"
        value={scale.value}
        choices={scaleChoices.map((choice) => [choice, scaleWords(choice)])}
        onChoose={(choice) => state.go([scale.to(choice as ScaleChoice)])}
      />
      {info.blocks.length > 1 && (
        <label class="check">
          <input
            type="checkbox"
            checked={common.value}
            onChange={({ currentTarget }) => state.go([common.to(currentTarget.checked)])}
          />{' '}
          same in all maps
        </label>
      )}
      <Choice
        label="Cell"
        value={String(cellPixels.value)}
        choices={cellSizes.map((size) => [String(size), size === 0 ? 'to fit' : `${size} px`])}
        onChoose={(size) => state.go([cellPixels.to(Number(size))])}
      />
      <RowCsv watched={watched} />
    </div>
  );
}

const scaleWords = (choice: ScaleChoice) =>
  ({
    robust: 'fixed: 1 % to 99 % of the trace',
    full: 'fixed: least to largest of the trace',
    frame: 'of the row shown',
  })[choice];

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, words: string])[];
  readonly onChoose: (value: string) => void;
}

const Choice = ({ label, value, choices, onChoose }: ChoiceProps) => (
  <label class="choice">
    <span>{label}</span>
    <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      {choices.map(([name, words]) => (
        <option key={name} value={name} selected={name === value}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

/** Values, phi_beta - phi_0 of the row's task, or this row minus another. */
function DifferenceChoice({ watched }: { readonly watched: WatchedTrace }) {
  const phases = useTaskPhases(watched);
  const view = difference.value;
  const choices = useMemo(() => {
    const nudged = (phases ?? []).filter(({ phase }) => phase > 0);
    const free = (phases ?? []).some(({ phase }) => phase === 0);
    return free
      ? nudged.map((phase) => {
          const text = textOfView({ kind: 'nudged', phase: phase.phase });
          return [text, `${phaseInWords(phase)}, minus free: ends of phases`] as const;
        })
      : [];
  }, [phases]);
  const chosen = textOfView(view);
  const here = `row${watched.row.value}`;
  return (
    <Choice
      label="Show"
      value={chosen}
      choices={[
        ['', 'values'],
        ...choices,
        ...(view.kind === 'nudged' && !choices.some(([text]) => text === chosen)
          ? [[chosen, `nudged phase ${view.phase} minus free`] as const]
          : []),
        view.kind === 'minus'
          ? ([chosen, `minus row ${view.row}`] as const)
          : ([here, 'minus this row, from here on'] as const),
        ...(view.kind === 'minus' && chosen !== here
          ? [[here, `minus this row (${watched.row.value}), from here on`] as const]
          : []),
      ]}
      onChoose={(text) => state.go([difference.to(viewFromText(text))])}
    />
  );
}

function RowCsv({ watched }: { readonly watched: WatchedTrace }) {
  const save = () => {
    const frame = watched.shown.value;
    if (frame === null) return;
    const variables = [...frame.variables].map(([name, { values }]) => [name, values] as const);
    const text = frameCsv(watched.info.blocks, variables);
    const view = textOfView(frame.view);
    const parts = [
      watched.id,
      watched.info.name,
      `row${frame.row}`,
      ...(view === '' ? [] : [`minus-${view}`]),
    ];
    download(`${fileStem(...parts)}.csv`, new Blob([text], { type: 'text/csv' }));
  };
  return (
    <button
      type="button"
      class="quiet"
      disabled={watched.shown.value === null || watched.shown.value.variables.size === 0}
      aria-label="Save all synapses of this row as CSV"
      title="All synapses and all variables of this row"
      onClick={save}
    >
      Row as CSV
    </button>
  );
}
