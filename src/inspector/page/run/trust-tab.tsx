import { useMemo } from 'preact/hooks';
import type { RunRow, TrustInfo } from '../../protocol/runs';
import { Chart } from '../chart/chart';
import { fileStem } from '../text/file-name';
import { percent, shortNumber } from '../text/numbers';
import { shown } from '../text/symbols';
import { betaTo, errorParts, trustLines } from './trust-lines';

/** Whether meta-gradients can be trusted, and on what evidence. */
export function TrustTab({ row, trust }: { row: RunRow; trust: readonly TrustInfo[] }) {
  if (trust.length === 0) {
    return (
      <p class="hint">
        {row.state === 'finished'
          ? 'This scenario gives no verdict on its meta-gradients.'
          : 'The verdict is given when the run has finished.'}
      </p>
    );
  }
  return (
    <div class="trust">
      {trust.map((info) => (
        <Verdict key={info.label ?? ''} row={row} info={info} />
      ))}
    </div>
  );
}

function Verdict({ row, info }: { row: RunRow; info: TrustInfo }) {
  const { label, verdict, because, advice, beta, order, error, neurons, tolerated, exact } = info;
  const lines = useMemo(() => trustLines(info), [info]);
  return (
    <section class="verdict">
      <h2>
        {label !== null && `${label}: `}
        <span class={verdict === 'good' ? 'right' : 'wrong'}>{verdict}</span>
      </h2>
      <p>{shown(because)}</p>
      {advice !== null && (
        <p>
          Most likely to help: <code>{advice}</code>
        </p>
      )}
      {error !== null && (
        <dl class="errors">
          {errorParts(info).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value === null ? 'not known' : percent(value)}</dd>
            </div>
          ))}
          <div>
            <dt>tolerated</dt>
            <dd>{percent(tolerated)}</dd>
          </div>
        </dl>
      )}
      {error !== null && neurons !== null && (
        <p class="hint">
          Credit comes from neurons by {neurons.kind}: <em>surrogate</em> is what b ={' '}
          {neurons.nudge === null ? 'not known' : shortNumber(neurons.nudge)} leaves, <em>neural</em> what{' '}
          {neurons.sweeps ?? 'their'} sweeps do. Neither depends on β, and so they are not drawn.
        </p>
      )}
      {lines === null ? (
        <p class="hint">
          {error === null
            ? 'This verdict gives no errors, so that there are none to draw.'
            : beta === null || order === null
              ? 'This run is of before β and the order of the bias were kept with a verdict, so that its errors cannot be drawn by β.'
              : 'Its errors are 0 or not known, and so have no place on logarithmic axes.'}
        </p>
      ) : (
        <>
          <Chart
            title={`Errors by β${label === null ? '' : `, ${label}`}`}
            data={lines.data}
            stem={fileStem(row.id, label ?? '', 'trust')}
            note={row.command ?? row.id}
            height={300}
          />
          <p class="chart-note">
            Measured at β = {shortNumber(beta!)} alone: the lines go on from there by theory, bias as{' '}
            {betaTo(order!)}, noise as 1/β, and hold only where both laws do.
            {lines.best !== null &&
              ` By them the sum is smallest at β = ${shortNumber(lines.best.beta, 2)}, where it would be ${percent(lines.best.error)}.`}
          </p>
        </>
      )}
      {exact.length > 0 && <Exact exact={exact} />}
    </section>
  );
}

const Exact = ({ exact }: { exact: TrustInfo['exact'] }) => (
  <section>
    <h3>Against the exact gradient</h3>
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">meta-step</th>
          <th scope="col">relative error</th>
        </tr>
      </thead>
      <tbody>
        {exact.map(({ metaStep, relativeError }) => (
          <tr key={metaStep}>
            <td>{metaStep}</td>
            <td>{percent(relativeError)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
