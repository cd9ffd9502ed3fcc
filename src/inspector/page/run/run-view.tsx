import { useEffect, useState } from 'preact/hooks';
import type { RunDetails } from '../../protocol/runs';
import { addressOf } from '../api/ask';
import { Loading } from '../api/loading';
import { ProblemView } from '../api/problem-view';
import { useAnswer } from '../api/use-answer';
import { StateMark } from '../run-list/state-mark';
import { followAll, progress, runs } from '../run-list/store';
import { dateTime } from '../text/time';
import { ClockTab } from './clock-tab';
import { CurvesTab } from './curves-tab';
import { NeuronsTab } from './neurons-tab';
import { Overview } from './overview';
import { tab } from './run-state';
import { TabList } from './tab-list';
import { TrustTab } from './trust-tab';

/** One run: what it came to, its curves, its clock, its evidence, its neurons. It grows while the run goes on. */
export function RunView({ id }: { readonly id: string }) {
  useEffect(() => {
    followAll([id]);
    return () => followAll();
  }, [id]);
  const live = runs.value.get(id);
  const come = progress.value.get(id);
  const version = `${live?.changed} ${live?.state} ${come?.metrics}`;
  const answer = useAnswer<RunDetails>(addressOf('run', { id }), version);
  const { value: details, problem, again } = answer;
  if (details === undefined || details.row.id !== id) {
    return problem === undefined ? <Loading what={id} /> : <ProblemView problem={problem} again={again} />;
  }
  const row = live ?? details.row;
  return (
    <article class="run">
      <header class="run-head">
        <h1 title={id}>{id}</h1>
        <StateMark state={row.state} />
        <span class="hint">changed {dateTime(row.changed)}</span>
      </header>
      {row.problem !== null && <ProblemView problem={{ what: row.problem }} />}
      {problem !== undefined && <ProblemView problem={problem} again={again} />}
      {row.command !== null && <Command words={row.command} />}
      <TabList counts={{ trust: details.trust[0]?.verdict }} />
      <div id="tab-panel" class="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
        {tab.value === 'overview' && <Overview row={row} details={details} />}
        {tab.value === 'curves' && <CurvesTab row={row} names={details.metrics} version={version} />}
        {tab.value === 'clock' && <ClockTab row={row} traces={details.traces} version={version} />}
        {tab.value === 'trust' && <TrustTab row={row} trust={details.trust} />}
        {tab.value === 'neurons' && (
          <NeuronsTab row={row} traces={details.traces} settling={details.settling} version={version} />
        )}
      </div>
    </article>
  );
}

/** The command that makes the run again. */
function Command({ words }: { words: string }) {
  const [copied, setCopied] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(words).then(
      () => setCopied('Copied.'),
      () => setCopied('This browser lets no page copy here: select the words and copy them.'),
    );
  return (
    <p class="command">
      <code>{words}</code>
      <button type="button" class="quiet" onClick={copy}>
        Copy
      </button>
      <span class="hint" role="status">
        {copied}
      </span>
    </p>
  );
}
