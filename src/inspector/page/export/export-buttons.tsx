import { useState } from 'preact/hooks';
import { problemOf } from '../api/problem';
import { download, pngOf } from './download';

interface ExportProps {
  /** What is exported, for those who hear it: `the chart of held-out loss`. */
  readonly what: string;
  /** Stem of the files: the run and what is shown. */
  readonly stem: string;
  readonly csv: () => string | Promise<string>;
  /** A vector drawing, in colours that hold on paper; the PNG is made from it. */
  readonly svg: () => string;
}

/** The same data as numbers, as a vector drawing, and as pixels. */
export function ExportButtons({ what, stem, csv, svg }: ExportProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const give = (ending: string, make: () => Blob | Promise<Blob>) => async () => {
    try {
      setFailure(null);
      download(`${stem}.${ending}`, await make());
    } catch (thrown) {
      setFailure(problemOf(thrown).what);
    }
  };
  const button = (ending: string, make: () => Blob | Promise<Blob>) => (
    <button
      type="button"
      class="quiet"
      aria-label={`Save ${what} as ${ending}`}
      onClick={give(ending.toLowerCase(), make)}
    >
      {ending}
    </button>
  );
  return (
    <span class="exports">
      {button('CSV', async () => new Blob([await csv()], { type: 'text/csv' }))}
      {button('SVG', () => new Blob([svg()], { type: 'image/svg+xml' }))}
      {button('PNG', () => pngOf(svg()))}
      {failure !== null && <span role="alert">{failure}</span>}
    </span>
  );
}
