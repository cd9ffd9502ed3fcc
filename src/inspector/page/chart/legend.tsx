import { shortNumber } from '../text/numbers';
import type { Aligned } from './aligned';
import type { ChartData, ChartSeries } from './chart-data';
import { valueWords } from './readout';

interface LegendProps {
  /** Not said again of the only curve. */
  readonly title: string;
  readonly data: ChartData;
  readonly aligned: Aligned;
  readonly place: { readonly at: number; readonly series: number } | null;
  readonly hidden: ReadonlySet<string>;
  readonly onHide: (id: string) => void;
}

/** More curves are not named side by side; the one under the cursor is. */
const mostNamed = 12;

/** Which curve is which, with its value under the cursor; a click hides one or shows it again. */
export function Legend({ title, data, aligned, place, hidden, onHide }: LegendProps) {
  const { series, x } = data;
  const at = place === null ? undefined : aligned.x[place.at];
  const here = at === undefined ? null : `${x.label} ${shortNumber(at)}`;
  if (series.length > mostNamed) {
    const near = place === null ? undefined : series[place.series];
    return (
      <p class="legend">
        <span class="legend-place">{here ?? `${series.length} curves`}</span>
        {near !== undefined && (
          <span class="legend-item">
            <Key series={near} />
            <span class="legend-name" title={near.label}>
              {near.label}
            </span>{' '}
            <span class="legend-value">{valueWords(aligned, place!.series, place!.at)}</span>
          </span>
        )}
      </p>
    );
  }
  if (series.length === 0) return null;
  return (
    <p class="legend">
      {series.map((each, i) => {
        const value = place === null ? null : valueWords(aligned, i, place.at);
        const known = series.length > 1 || each.label !== title;
        const content = (
          <>
            {known && <Key series={each} />}
            <span class="legend-name" title={each.label}>
              {known && each.label}
              {each.bandLabel !== undefined && <span class="legend-band"> ({each.bandLabel})</span>}
            </span>
            {value !== null && <span class="legend-value">{value}</span>}
          </>
        );
        const stressed = place?.series === i && series.length > 1 ? ' legend-near' : '';
        return series.length === 1 ? (
          <span key={each.id} class="legend-item">
            {content}
          </span>
        ) : (
          <button
            key={each.id}
            type="button"
            class={`legend-item quiet${stressed}`}
            aria-pressed={!hidden.has(each.id)}
            title={hidden.has(each.id) ? 'Show this curve' : 'Hide this curve'}
            onClick={() => onHide(each.id)}
          >
            {content}
          </button>
        );
      })}
      {here !== null && <span class="legend-place">{here}</span>}
    </p>
  );
}

const Key = ({ series: { colour, dash, points } }: { series: ChartSeries }) => (
  <svg class="legend-key" width="18" height="8" aria-hidden="true">
    {points === 'ring' ? (
      <circle cx="9" cy="4" r="3" stroke-width="1.5" style={{ stroke: colour }} />
    ) : points === 'only' ? (
      <circle cx="9" cy="4" r="3" style={{ fill: colour }} />
    ) : (
      <path
        d="M0 4H18"
        stroke-width="2"
        stroke-dasharray={dash === undefined || dash.length === 0 ? undefined : dash.join(' ')}
        style={{ stroke: colour }}
      />
    )}
  </svg>
);
