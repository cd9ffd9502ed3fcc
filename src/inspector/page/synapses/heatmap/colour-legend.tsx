import { useState } from 'preact/hooks';
import { state } from '../../state/state';
import { counted, shortNumber } from '../../text/numbers';
import { shown } from '../../text/symbols';
import type { ColourRange } from '../colour/colour-range';
import { hexOf, tableLength } from '../colour/colour-table';
import { tableFor, themeNow } from '../colour/shown-table';
import { ownEnds } from '../state';
import type { Painted } from './paint-sheet';

interface ColourLegendProps {
  readonly variable: string;
  readonly range: ColourRange | null;
  readonly painted: Painted | null;
  /** For a strip, which has no room for much. */
  readonly narrow: boolean;
}

const stops = 24;

/** What the colours stand for, in numbers, and how many cells lie beyond them; a click on an end sets it. */
export function ColourLegend({ variable, range, painted, narrow }: ColourLegendProps) {
  const [setting, setSetting] = useState(false);
  const theme = themeNow();
  if (range === null) return <div class="colour-legend" />;
  const colours = tableFor(range.kind, theme);
  const gradient = Array.from({ length: stops }, (_, i) =>
    hexOf(colours, Math.round((i / (stops - 1)) * (tableLength - 1))),
  );
  const own = ownEnds.value.some((ends) => ends.variable === variable);
  const beyond = [
    painted !== null && painted.below > 0 ? `${painted.below.toLocaleString('en')} below` : '',
    painted !== null && painted.above > 0 ? `${painted.above.toLocaleString('en')} above` : '',
    painted !== null && painted.notFinite > 0 ? `${counted(painted.notFinite, 'cell')} not finite` : '',
  ].filter((words) => words !== '');
  return (
    <div class={`colour-legend${narrow ? ' colour-legend-narrow' : ''}`}>
      <div
        class="colour-bar"
        style={{ backgroundImage: `linear-gradient(to right, ${gradient.join(',')})` }}
      />
      <button
        type="button"
        class="quiet colour-ends"
        aria-expanded={setting}
        title="Set the ends of the colours"
        onClick={() => setSetting(!setting)}
      >
        <span>
          <span class="unseen">Colours of {shown(variable)} from </span>
          {shortNumber(range.low, 3)}
          <span class="unseen"> to </span>
        </span>
        {range.kind === 'diverging' && !narrow && range.low === -range.high && (
          <span aria-hidden="true">0</span>
        )}
        <span>
          {shortNumber(range.high, 3)}
          <span class="unseen">: set their ends</span>
        </span>
      </button>
      {beyond.length > 0 && <p class="chart-note">{beyond.join(', ')}</p>}
      {setting && <SetEnds variable={variable} range={range} own={own} onDone={() => setSetting(false)} />}
    </div>
  );
}

interface SetEndsProps {
  readonly variable: string;
  readonly range: ColourRange;
  readonly own: boolean;
  readonly onDone: () => void;
}

function SetEnds({ variable, range, own, onDone }: SetEndsProps) {
  const others = ownEnds.value.filter((ends) => ends.variable !== variable);
  const [refused, setRefused] = useState(false);
  return (
    <form
      class="set-ends"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const [low, high] = [Number(data.get('low')), Number(data.get('high'))];
        if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
          setRefused(true);
          return;
        }
        state.go([ownEnds.to([...others, { variable, low, high }])]);
        onDone();
      }}
    >
      <label>
        from <input name="low" type="number" step="any" required value={range.low} />
      </label>
      <label>
        to <input name="high" type="number" step="any" required value={range.high} />
      </label>
      <button type="submit">Set</button>
      {own && (
        <button
          type="button"
          onClick={() => {
            state.go([ownEnds.to(others)]);
            onDone();
          }}
        >
          As chosen above
        </button>
      )}
      {refused && <p role="alert">The first number must be the smaller one.</p>}
    </form>
  );
}
