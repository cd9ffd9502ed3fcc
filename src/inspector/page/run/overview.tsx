import type { RunDetails, RunRow } from '../../protocol/runs';
import { Facts } from './facts';
import { Figures } from './figures';

/** What the run came to, in its own words and pictures, and what made it. */
export function Overview({ row, details }: { row: RunRow; details: RunDetails }) {
  const { report, figures, environment, damages } = details;
  return (
    <>
      {damages.length > 0 && (
        <section class="problem">
          <p class="problem-what">Files are not as the run wrote them</p>
          <ul>
            {damages.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <p>
            <code>npx metaplast resume {row.id}</code> makes again what can be, and says of the rest what
            became of it.
          </p>
        </section>
      )}
      <div class="overview">
        <div class="overview-words">
          {report === null ? (
            <p class="hint">The report is written when the run has finished.</p>
          ) : (
            <section>
              <h2>Report</h2>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
              <pre class="report" tabIndex={0}>
                {report.trimEnd()}
              </pre>
            </section>
          )}
          <Figures id={row.id} figures={figures} />
        </div>
        <div class="overview-facts">
          <Facts title="Results" facts={row.results} none="No result yet." />
          <Facts title="Settings" facts={row.settings} none="Its settings cannot be read." />
          <Facts title="Environment" facts={environment} none="What it ran on is not recorded." />
        </div>
      </div>
    </>
  );
}
