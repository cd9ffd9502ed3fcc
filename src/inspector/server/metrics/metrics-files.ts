import type { Curve, Thinning } from '../../protocol/traces';
import type { Place } from '../catalog/run-place';
import { MetricsFile } from './metrics-file';
import { thinned } from './series';

/** What is kept of all runs together. */
const [mostFiles, mostPoints] = [2000, 8_000_000];

/** The metrics of runs: what was asked for is kept, that which was asked for longest ago is dropped first. */
export class MetricsFiles {
  /** What was asked for last stands last. */
  private readonly kept = new Map<string, MetricsFile>();

  /** The metrics of a run as they are now. */
  async read(place: Place, metrics: readonly string[] = []): Promise<MetricsFile> {
    const file = this.kept.get(place.id) ?? new MetricsFile(place);
    this.kept.delete(place.id);
    this.kept.set(place.id, file);
    await file.update(metrics);
    this.drop();
    return file;
  }

  /** The curves of some metrics of a run; of those that it has. */
  async curves(place: Place, metrics: readonly string[], most: number, thin: Thinning): Promise<Curve[]> {
    const file = await this.read(place, metrics);
    return metrics.flatMap((metric) =>
      file.of(metric).map((series): Curve => {
        const { x, y } = thin === 'even' ? series.even.thinned(most) : thinned(series, most);
        const { by, group } = series;
        const sent = y.map((value) => (Number.isNaN(value) ? null : value));
        return { id: place.id, metric, by, group, x, y: sent };
      }),
    );
  }

  private drop(): void {
    let points = [...this.kept.values()].reduce((sum, file) => sum + file.points, 0);
    for (const [id, file] of this.kept) {
      if (this.kept.size <= mostFiles && (points <= mostPoints || this.kept.size === 1)) return;
      points -= file.points;
      this.kept.delete(id);
    }
  }
}
