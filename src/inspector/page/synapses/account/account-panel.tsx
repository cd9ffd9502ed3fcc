import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TraceInfo } from '../../../protocol/runs';
import type { Account, AccountLine, VariableAccount } from '../../../protocol/traces';
import { addressOf } from '../../api/ask';
import { Loading } from '../../api/loading';
import { ProblemView } from '../../api/problem-view';
import { useAnswer } from '../../api/use-answer';
import { runs } from '../../run-list/store';
import { Link } from '../../state/link';
import { row, synapse } from '../../state/state';
import { shown } from '../../text/symbols';
import { traceSource } from '../frames/trace-source';
import { columnInWords } from '../read-out';
import { metaUpdateFrom } from '../scrubber/phases';
import { changesForTrace, goToRow } from '../state';
import type { WatchedTrace } from '../watched-trace';
import { accountText, apart, apartInWords, mayGrow } from './account-text';
import { rowOfTask } from './row-of-task';
import { sameSynapse } from './same-synapse';

interface AccountPanelProps {
  readonly watched: WatchedTrace;
  readonly traces: readonly TraceInfo[];
}

/** What the rule saw of the open synapse at this meta-update, and what it did. */
export function AccountPanel({ watched, traces }: AccountPanelProps) {
  const column = synapse.value;
  if (column === null || column >= watched.info.synapses) return null;
  const moment = watched.shown.value?.moment;
  if (moment === undefined || moment === null) return null;
  return (
    <section class="account" aria-label="What the rule saw and did">
      <h2>
        What the rule saw and did
        <span class="muted"> {columnInWords(watched, column)}</span>
      </h2>
      {watched.info.hasAccount ? (
        moment.phase === -1 ? (
          <AccountHere watched={watched} column={column} at={moment.row} />
        ) : (
          <Jumps watched={watched} words={`Row ${moment.row} is no meta-update.`} />
        )
      ) : (
        <Elsewhere watched={watched} traces={traces} column={column} task={moment.task} />
      )}
      {watched.info.hasAccount && moment.phase === -1 && (
        <OtherTraces watched={watched} traces={traces} column={column} task={moment.task} />
      )}
    </section>
  );
}

interface HereProps {
  readonly watched: WatchedTrace;
  readonly column: number;
  readonly at: number;
}

function AccountHere({ watched, column, at }: HereProps) {
  const { id, info, rows } = watched;
  const version = useRef('');
  const { value, problem, again } = useAnswer<Account>(
    addressOf('account', { id, trace: info.name, row: at, column }),
    version.current,
  );
  // What is missing may come as the run goes on; the ends of phases lie in another trace than this one.
  const run = runs.value.get(id);
  const come = `${rows.value} ${run?.changed} ${run?.state}`;
  if (value !== undefined && mayGrow(value)) version.current = come;
  if (problem !== undefined) return <ProblemView problem={problem} again={again} />;
  if (value === undefined) return <Loading what="the account" />;
  return (
    <>
      <Jumps
        watched={watched}
        words={`Meta-update after task ${value.moment.task}, row ${value.moment.row}.`}
      >
        <Copy text={() => accountText(value, columnInWords(watched, column))} />
      </Jumps>
      <p class="muted">
        Energy R = <span class="mono">{shown(value.penalty)}</span>
      </p>
      {value.equilibria.length > 0 && <Equilibria account={value} />}
      {value.variables.map((each) => (
        <VariableLines key={each.variable} account={each} />
      ))}
      {value.notes.map((note) => (
        <p key={note} class="chart-note">
          {shown(note)}
        </p>
      ))}
    </>
  );
}

/** To the meta-updates before and behind. */
function Jumps(props: {
  readonly watched: WatchedTrace;
  readonly words: string;
  readonly children?: preact.ComponentChildren;
}) {
  const { watched, words, children } = props;
  const { source, row: wanted, rows } = watched;
  const at = wanted.value;
  const [near, setNear] = useState<readonly [number | null, number | null]>([null, null]);
  const last = rows.value;
  useEffect(() => {
    let current = true;
    const find = async (way: 1 | -1) => {
      const known = await source.phases(at, (found) => metaUpdateFrom(found, at, way) !== null);
      return metaUpdateFrom(known, at, way);
    };
    Promise.all([find(-1), find(1)]).then(
      (found) => {
        if (current) setNear(found as [number | null, number | null]);
      },
      () => {
        // The row itself says what is wrong.
      },
    );
    return () => {
      current = false;
    };
  }, [source, at, last]);
  const jump = (to: number | null, name: string) => (
    <button type="button" disabled={to === null} onClick={() => to !== null && goToRow(to)}>
      {name}
    </button>
  );
  return (
    <p class="account-line">
      {words}{' '}
      <span class="account-jumps">
        {jump(near[0], '← meta-update before')} {jump(near[1], 'next meta-update →')} {children}
      </span>
    </p>
  );
}

/** phi at the ends of the phases that were contrasted. */
const Equilibria = ({ account: { equilibria } }: { readonly account: Account }) => (
  <table class="equilibria">
    <caption>Equilibria of the phases that were contrasted</caption>
    <tbody>
      {equilibria.flatMap(({ task, phases }) =>
        phases.map(({ beta, value }) => (
          <tr key={`${task} ${beta}`}>
            <th scope="row">
              task {task}, {beta === 0 ? 'free' : `nudged, β = ${beta}`}
            </th>
            <td class="mono">{String(value)}</td>
          </tr>
        )),
      )}
    </tbody>
  </table>
);

function VariableLines({ account }: { readonly account: VariableAccount }) {
  const { variable, lines, before, after, change } = account;
  return (
    <div class="account-variable">
      <h3>
        <i>{shown(variable)}</i> <span class="mono">{String(before)}</span> →{' '}
        <span class="mono">{String(after)}</span>
        <span class="account-change">
          Δ{shown(variable)} = <span class="mono">{change > 0 ? `+${change}` : String(change)}</span>
        </span>
      </h3>
      <ol>
        {lines.map((line) => (
          <Line key={`${line.words} ${line.formula}`} line={line} />
        ))}
      </ol>
    </div>
  );
}

/** Relative: more than what comes of reckoning in float32 in the run and in float64 here. */
const rounding = 1e-5;

function Line({ line: { words, formula, numbers, value, recorded } }: { readonly line: AccountLine }) {
  const by = apart(value, recorded);
  const [left, right] = sides(formula);
  return (
    <li>
      <p class="account-words">{shown(words)}</p>
      <div class="account-formula mono">
        <span class="account-left">{shown(left)}</span>
        <span>= {shown(right)}</span>
        <span class="account-left" />
        <span class="muted">= {shown(numbers)}</span>
        <span class="account-left" />
        <span>
          = <b>{String(value)}</b>
          {recorded !== null && by !== 0 && (
            <span class={by! > rounding ? 'account-off' : 'muted'}>
              {' '}
              recorded {String(recorded)}, {apartInWords(value, recorded)}
            </span>
          )}
          {recorded !== null && by === 0 && <span class="account-same"> as recorded</span>}
        </span>
      </div>
    </li>
  );
}

/** Both sides of the first `=` that stands by itself; all of it is the right one where there is none. */
function sides(formula: string): readonly [string, string] {
  const at = formula.indexOf(' = ');
  return at < 0 ? ['', formula] : [formula.slice(0, at), formula.slice(at + 3)];
}

function Copy({ text }: { readonly text: () => string }) {
  const [said, setSaid] = useState('Copy as text');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied');
    } catch {
      setSaid('The browser does not allow it');
    }
    setTimeout(() => setSaid('Copy as text'), 2000);
  };
  return (
    <button type="button" class="quiet" aria-live="polite" onClick={copy}>
      {said}
    </button>
  );
}

interface OtherProps extends AccountPanelProps {
  readonly column: number;
  readonly task: number;
}

/** Of a trace without accounts: where the run has one of this synapse, or how to record one. */
function Elsewhere(props: OtherProps) {
  const { watched, traces, column } = props;
  const accounts = traces.filter(({ hasAccount }) => hasAccount);
  const held = accounts.filter((trace) => sameSynapse(watched.info, column, trace) >= 0);
  if (held.length > 0) {
    return (
      <p class="account-line">
        This trace has no account. Of this synapse{' '}
        {held.map((other) => (
          <ToTask
            key={other.name}
            {...props}
            other={other}
            words={`the meta-update after task ${props.task}`}
          />
        ))}
      </p>
    );
  }
  return (
    <p class="account-line muted">
      {accounts.length > 0
        ? `The run has accounts in ${accounts.map(({ name }) => name).join(', ')}, of other synapses. To have them of this one, let the probe select it: `
        : 'The run has recorded no account. To have one, record at meta-updates with '}
      <code>{"{ variables, synapses: 'all', at: 'meta-update', account: true }"}</code>.
    </p>
  );
}

/** The same synapse in the run's other traces, at the same task. */
function OtherTraces(props: OtherProps) {
  const { watched, traces, column } = props;
  const others = traces.filter(
    (trace) =>
      trace.name !== watched.info.name &&
      trace.at !== 'meta-update' &&
      sameSynapse(watched.info, column, trace) >= 0,
  );
  if (others.length === 0) return null;
  return (
    <p class="account-line">
      The same synapse, task {props.task}:{' '}
      {others.map((other) => (
        <ToTask key={other.name} {...props} other={other} words={other.name} />
      ))}
    </p>
  );
}

/** Looked for once the scrubber rests so long, in milliseconds. */
const rest = 150;

/** A link to a task's first row in another trace. */
function ToTask({
  watched,
  other,
  column,
  task,
  words,
}: OtherProps & { readonly other: TraceInfo; readonly words: string }) {
  const [place, setPlace] = useState<{ readonly task: number; readonly at: number } | null>(null);
  const source = useMemo(() => traceSource(watched.id, other.name, () => {}), [watched.id, other.name]);
  const own = sameSynapse(watched.info, column, other);
  useEffect(() => {
    let current = true;
    const find = async () => {
      let at = -1;
      try {
        at = await rowOfTask(source.moment, other.rows, task);
      } catch {
        // There is no link then; the trace itself says what is wrong.
      }
      if (current) setPlace({ task, at });
    };
    const timer = setTimeout(find, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [source, other.rows, task]);
  // What was found for another task leads elsewhere.
  const found = place?.task === task ? place.at : null;
  if (found === null || found < 0) {
    return (
      <span class="muted" key={other.name}>
        {words}
        {found === -1 ? ' (not there yet)' : ''}{' '}
      </span>
    );
  }
  return (
    <>
      <Link to={[...changesForTrace(other.name), row.to(found), synapse.to(own)]}>{words}</Link>{' '}
    </>
  );
}
