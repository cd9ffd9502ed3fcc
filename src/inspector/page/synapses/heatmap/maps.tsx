import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Loading } from '../../api/loading';
import { ProblemView } from '../../api/problem-view';
import { variable } from '../../state/state';
import { counted } from '../../text/numbers';
import type { BlockCells } from '../cells/block-cells';
import { cellSize } from '../cells/cell-size';
import { blockInWords } from '../cells/cell-words';
import { type Sheet, sheetOf } from '../cells/sheet';
import { phaseInWords } from '../scrubber/phases';
import { shownVariables } from '../shown-variables';
import { cellPixels, scale } from '../state';
import type { WatchedTrace } from '../watched-trace';
import { Heatmap } from './heatmap';

/** A parameter, its place among the trace's blocks, and how its cells lie. */
interface Placed {
  readonly cells: BlockCells;
  readonly block: number;
  readonly sheet: Sheet;
}

/** One map for each variable, layer and parameter. */
export function Maps({ watched }: { readonly watched: WatchedTrace }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const variables = shownVariables(watched.info.variables, variable.value);
  const layers = useMemo(() => layersOf(watched.blocks), [watched]);
  return (
    <div class="maps" ref={box} data-row={watched.shown.value?.row}>
      <Stand watched={watched} />
      {width > 0 &&
        layers.map(({ layer, placed }) => {
          const group = groupSize(placed, variables.length, width);
          return (
            <section key={layer} class="maps-layer" aria-label={`Layer ${layer}`}>
              <h2>
                Layer {layer}
                <span class="muted"> {placed.map(({ cells }) => blockInWords(cells.block)).join(' · ')}</span>
              </h2>
              <div class="maps-variables">
                {variables.map((name) => (
                  <div key={name} class="maps-group">
                    {placed.map(({ cells, block, sheet }) => (
                      <Heatmap
                        key={block}
                        watched={watched}
                        variable={name}
                        block={block}
                        cells={cells}
                        sheet={sheet}
                        size={
                          sheet.from === 1 && placed.length > 1 && placed[0]!.sheet.height === sheet.height
                            ? { x: Math.max(14, group.x), y: group.y }
                            : cellSize(sheet, group.width, devicePixelRatio, cellPixels.value)
                        }
                        most={width}
                      />
                    ))}
                  </div>
                ))}
              </div>
            </section>
          );
        })}
    </div>
  );
}

/** Which numbers the maps show, and what their colours are of. */
function Stand({ watched }: { readonly watched: WatchedTrace }) {
  const { shown, fixed, problem, rows } = watched;
  if (problem.value !== null) return <ProblemView problem={problem.value} />;
  const frame = shown.value;
  if (rows.value === 0) return <p class="notice">The trace has no row yet.</p>;
  if (frame === null) return <Loading what="the row" />;
  if (frame.compared === null) {
    return (
      <p class="notice">
        Task {frame.moment?.task ?? '?'} has no free phase and nudged phase in this trace whose ends could be
        compared. A trace at <code>phase-end</code> or at <code>step</code> has them.
      </p>
    );
  }
  const { row, minus, phases } = frame.compared;
  const found = fixed.value;
  const of =
    scale.value === 'frame'
      ? 'Colours are of the row shown.'
      : found === null
        ? 'Colours are of the row shown, until those of the trace are found.'
        : `Colours are fixed: ${scale.value === 'full' ? 'least to largest' : '1 % to 99 %'} of the values in ${
            found.sampled === found.rows
              ? `all ${counted(found.rows, 'row')}`
              : `${found.sampled} rows spread over ${counted(found.rows, 'row')}`
          }.`;
  return (
    <p class="maps-stand">
      {phases !== null && (
        <>
          <b>{phaseInWords(phases.nudged)}, minus free</b>: row {row} minus row {minus}, the last of each
          phase of task {phases.free.firstTask}.{' '}
        </>
      )}
      {phases === null && minus !== null && (
        <>
          <b>
            Row {row} minus row {minus}.
          </b>{' '}
        </>
      )}
      {of} Rows are where synapses end, columns where they come from.
    </p>
  );
}

/** Parameters of each layer; strips after the map that they lie beside. */
function layersOf(blocks: readonly BlockCells[]) {
  const layers = [...new Set(blocks.map(({ block }) => block.layer))].sort((a, b) => a - b);
  return layers.map((layer) => {
    const own = blocks
      .map((cells, block) => ({ cells, block }))
      .filter(({ cells }) => cells.block.layer === layer)
      .sort((a, b) => Number(a.cells.block.shape.length === 1) - Number(b.cells.block.shape.length === 1));
    const main = own[0]!.cells.block;
    const beside = sheetOf(main.shape, main.axes);
    const placed = own.map(
      ({ cells, block }): Placed => ({
        cells,
        block,
        sheet: sheetOf(cells.block.shape, cells.block.axes, beside),
      }),
    );
    return { layer, placed };
  });
}

/** Maps side by side are at least so wide, in CSS pixels, or as large as they would be by themselves. */
const narrowest = 110;

/** How large the cells of a layer are: side by side for all variables where they can be, else beneath each other. */
function groupSize(placed: readonly Placed[], variables: number, width: number) {
  const strips = placed.length > 1 ? 64 * (placed.length - 1) : 0;
  const main = placed[0]!.sheet;
  const sized = (room: number) => {
    const most = Math.max(40, room - strips);
    return { width: most, ...cellSize(main, most, devicePixelRatio, cellPixels.value) };
  };
  const [alone, beside] = [sized(width), sized((width - 24 * (variables - 1)) / variables - 8)];
  const across = beside.x * main.width;
  return across <= beside.width && (across >= narrowest || beside.x === alone.x) ? beside : alone;
}
