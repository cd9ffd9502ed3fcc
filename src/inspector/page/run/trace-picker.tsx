import type { TraceInfo } from '../../protocol/runs';
import { trace } from '../state/state';

const when: Readonly<Record<TraceInfo['at'], string>> = {
  step: 'inner steps',
  'phase-end': 'ends of phases',
  'meta-update': 'meta-updates',
};

/** Which trace of the run is shown. */
export const TracePicker = ({ traces, shown }: { traces: readonly TraceInfo[]; shown: TraceInfo }) => (
  <label>
    <span>Trace</span>
    <select value={shown.name} onChange={({ currentTarget }) => trace.slide(currentTarget.value)}>
      {traces.map(({ name, at, synapses }) => (
        <option key={name} value={name}>
          {name} ({synapses.toLocaleString('en')} recorded at {when[at]})
        </option>
      ))}
    </select>
  </label>
);
