import { useSignal, useSignalEffect } from '@preact/signals';
import { useId, useRef, useState } from 'preact/hooks';
import { resolved } from '../../colour/resolve';
import { seriesColour } from '../../colour/series-colours';
import { ExportButtons } from '../../export/export-buttons';
import { synapse } from '../../state/state';
import { fileStem } from '../../text/file-name';
import { shown } from '../../text/symbols';
import type { BlockCells } from '../cells/block-cells';
import type { CellSize } from '../cells/cell-size';
import { blockInWords } from '../cells/cell-words';
import { cellAtPixel, cellAtPlace, gridOf, pixelOfCell, placeOfCell, type Sheet } from '../cells/sheet';
import { cellEnds, joinedSpread } from '../colour/cell-spread';
import type { ColourRange } from '../colour/colour-range';
import { chosenRange } from '../colour/scale-choice';
import { tableFor, themeNow } from '../colour/shown-table';
import { textOfView } from '../difference/compared';
import { frameCsv } from '../export/frame-csv';
import { heatmapSvg } from '../export/heatmap-svg';
import { cellPixels, common, openSynapse, openSynapses, ownEnds, scale } from '../state';
import type { WatchedTrace } from '../watched-trace';
import { CellTable } from './cell-table';
import { ColourLegend } from './colour-legend';
import { movedPlace } from './moved-place';
import { type Painted, paintSheet } from './paint-sheet';

interface HeatmapProps {
  readonly watched: WatchedTrace;
  readonly variable: string;
  /** Place of the parameter among the trace's blocks. */
  readonly block: number;
  readonly cells: BlockCells;
  readonly sheet: Sheet;
  readonly size: CellSize;
  /** CSS pixels that it can be wide at most; what is wider scrolls. */
  readonly most: number;
}

/** Canvases of more pixels a side are drawn by no browser for certain. */
const longestSide = 16_384;

/** One variable of one parameter, a coloured cell a synapse. Drawn one pixel a cell; the browser enlarges it without smoothing. */
export function Heatmap(props: HeatmapProps) {
  const { watched, variable, block, cells, sheet, size } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useRef<ImageData | null>(null);
  const help = useId();
  const [asTable, setAsTable] = useState(false);
  const painted = useSignal<Painted | null>(null);
  const range = useSignal<ColourRange | null>(null);
  const name = `${shown(variable)} of ${blockInWords(cells.block)}`;

  useSignalEffect(() => {
    const values = watched.shown.value?.variables.get(variable)?.values;
    const theme = themeNow();
    const found = values === undefined ? null : rangeNow(props, values);
    range.value = found;
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (values === undefined || found === null) {
      context.clearRect(0, 0, sheet.width, sheet.height);
      painted.value = null;
      return;
    }
    if (image.current?.width !== sheet.width || image.current.height !== sheet.height)
      image.current = context.createImageData(sheet.width, sheet.height);
    const pixels = new Uint32Array(image.current.data.buffer);
    const counts = paintSheet(pixels, sheet, cells, values, found, tableFor(found.kind, theme), {
      gapColour: pixelOf(resolved('var(--ground)')),
      notFiniteColour: pixelOf(resolved('var(--not-finite)')),
    });
    context.putImageData(image.current, 0, 0);
    painted.value = counts;
  });

  const cellAt = (event: MouseEvent) => cellAtPixel(sheet, event.offsetX / size.x, event.offsetY / size.y);
  const point = (event: PointerEvent) => {
    const column = cells.columns[cellAt(event)] ?? -1;
    watched.hovered.value = column < 0 ? null : column;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const here = cells.cellOf(watched.hovered.peek() ?? synapse.value ?? -1);
    if (event.key === 'Enter' || event.key === ' ') {
      if (here >= 0) openSynapse(cells.columns[here]!, event.shiftKey || event.key === ' ');
    } else if (event.key === 'Escape') watched.hovered.value = null;
    else {
      const next = movedCell(sheet, cells, here, event.key);
      if (next === undefined) return;
      watched.hovered.value = cells.columns[next]!;
      showCell(canvas.current!, sheet, next, size);
    }
    event.preventDefault();
  };

  const tooLong = Math.max(sheet.width, sheet.height) > longestSide;
  const frame = watched.shown.value;
  const values = frame?.variables.get(variable)?.values;
  const strip = sheet.from === 1 && cells.block.shape.length === 1;
  const stem = fileStem(
    ...[watched.id, watched.info.name, variable, `layer${cells.block.layer}`, cells.block.parameter],
    ...[
      `row${frame?.row ?? 0}`,
      ...(frame === null || frame.view.kind === 'values' ? [] : [`minus-${textOfView(frame.view)}`]),
    ],
  );
  return (
    <figure class={`map${strip ? ' map-strip' : ''}`}>
      <figcaption>
        <span class="map-name" title={name}>
          <i>{shown(variable)}</i> {cells.block.parameter}
        </span>
        <details class="map-more">
          <summary aria-label={`Table and files of ${name}`} title="Table and files">
            …
          </summary>
          <span class="map-tools">
            <button
              type="button"
              class="quiet"
              aria-pressed={asTable}
              aria-label={`Table of ${name}`}
              onClick={() => setAsTable(!asTable)}
            >
              Table
            </button>
            {values !== undefined && range.value !== null && (
              <ExportButtons
                what={`the map of ${name}`}
                stem={stem}
                csv={() => frameCsv([cells.block], [[variable, values]])}
                svg={() =>
                  heatmapSvg({
                    ...{
                      sheet,
                      cells,
                      values,
                      range: range.value!,
                      table: tableFor(range.value!.kind, 'light'),
                    },
                    title: `${name}, layer ${cells.block.layer}`,
                    note: `${watched.id}, trace ${watched.info.name}, row ${frame!.row}${
                      frame!.compared?.minus == null
                        ? ''
                        : `: row ${frame!.compared.row} minus row ${frame!.compared.minus}`
                    }`,
                  })
                }
              />
            )}
          </span>
        </details>
      </figcaption>
      {tooLong ? (
        <p class="notice">
          {name}: {sheet.height} × {sheet.width} cells are more than a picture can have (
          {longestSide.toLocaleString('en')} a side). The table has them.
        </p>
      ) : (
        <div
          class={`map-scroll${cellPixels.value > 0 ? ' map-scroll-tall' : ''}`}
          style={{ maxWidth: `${props.most}px` }}
        >
          <div
            class="map-box"
            role="application"
            aria-roledescription="heatmap"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move among its cells
            tabIndex={0}
            aria-label={`${name}, layer ${cells.block.layer}: rows are where synapses end, columns where they come from`}
            aria-describedby={help}
            data-variable={variable}
            data-block={block}
            style={{ width: `${sheet.width * size.x}px`, height: `${sheet.height * size.y}px` }}
            onKeyDown={onKeyDown}
            onFocus={() => {
              if (cells.cellOf(watched.hovered.peek() ?? -1) < 0) focusSome(watched, cells);
            }}
            onBlur={() => {
              watched.hovered.value = null;
            }}
          >
            <canvas
              ref={canvas}
              width={sheet.width}
              height={sheet.height}
              style={{ width: `${sheet.width * size.x}px`, height: `${sheet.height * size.y}px` }}
              onPointerMove={point}
              onPointerLeave={() => {
                watched.hovered.value = null;
              }}
              onClick={(event) => {
                const column = cells.columns[cellAt(event)] ?? -1;
                if (column >= 0) openSynapse(column, event.shiftKey || event.ctrlKey || event.metaKey);
              }}
            />
            <Marks {...props} />
          </div>
        </div>
      )}
      <p id={help} class="unseen">
        Arrow keys move among recorded cells, Page Up and Page Down by ten, Home and End along the row; Enter
        opens the synapse, Space adds it to those compared.
      </p>
      {cells.recorded < cells.size && (
        <p class="chart-note">
          {cells.recorded.toLocaleString('en')} of {cells.size.toLocaleString('en')} recorded
        </p>
      )}
      <ColourLegend variable={variable} range={range.value} painted={painted.value} narrow={strip} />
      {asTable && <CellTable watched={watched} variable={variable} cells={cells} sheet={sheet} />}
    </figure>
  );
}

/** The cells of synapses that are open, and of the one pointed at. */
function Marks({ watched, cells, sheet, size }: HeatmapProps) {
  const hovered = cells.cellOf(watched.hovered.value ?? -1);
  return (
    <>
      {openSynapses().map((column, i) => {
        const cell = cells.cellOf(column);
        return cell < 0 ? null : (
          <Mark key={column} sheet={sheet} cell={cell} size={size} colour={seriesColour(i)} />
        );
      })}
      {hovered >= 0 && <Mark sheet={sheet} cell={hovered} size={size} colour="" />}
    </>
  );
}

interface MarkProps {
  readonly sheet: Sheet;
  readonly cell: number;
  readonly size: CellSize;
  /** Of the synapse's curves; nothing for the one pointed at. */
  readonly colour: string;
}

/** A frame around a cell, large enough to be seen where the cell is not. */
function Mark({ sheet, cell, size, colour }: MarkProps) {
  const { x, y } = pixelOfCell(sheet, cell);
  const [wide, high] = [size.x, size.y * sheet.cellHeight];
  const [moreX, moreY] = [Math.max(0, (9 - wide) / 2), Math.max(0, (9 - high) / 2)];
  return (
    <div
      class={`mark${colour === '' ? ' mark-hovered' : ''}`}
      style={{
        left: `${x * size.x - moreX}px`,
        top: `${y * size.y - moreY}px`,
        width: `${wide + 2 * moreX}px`,
        height: `${high + 2 * moreY}px`,
        ...(colour === '' ? {} : { borderColor: colour }),
      }}
    />
  );
}

function rangeNow(
  { watched, variable, block, cells }: HeatmapProps,
  values: Float64Array,
): ColourRange | null {
  const own = ownEnds.value.find((ends) => ends.variable === variable);
  const spreads = watched.fixed.value?.spreads.get(variable);
  const all = common.value;
  const fixed = spreads === undefined ? null : all ? joinedSpread(spreads) : spreads[block]!;
  const frame =
    own === undefined && (scale.value === 'frame' || fixed === null)
      ? all
        ? joinedSpread(watched.blocks.map(({ columns }) => cellEnds(values, columns)))
        : cellEnds(values, cells.columns)
      : null;
  const difference = watched.shown.value?.view.kind !== 'values';
  return chosenRange(scale.value, own, fixed, frame, difference);
}

/** `rgb(1, 2, 3)` as it lies in an image. */
function pixelOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = colour.match(/\d+/g)?.map(Number) ?? [];
  return new Uint32Array(new Uint8Array([red, green, blue, 255]).buffer)[0]!;
}

/** The next recorded cell that a key leads to; undefined for a key that leads nowhere. */
function movedCell(sheet: Sheet, { columns }: BlockCells, cell: number, key: string): number | undefined {
  const grid = gridOf(sheet);
  const recorded = (place: { row: number; column: number }) => columns[cellAtPlace(sheet, place)]! >= 0;
  if (cell < 0)
    return movedPlace(grid, null, key, recorded) === undefined ? undefined : columns.findIndex((c) => c >= 0);
  const next = movedPlace(grid, placeOfCell(sheet, cell), key, recorded);
  return next === undefined ? undefined : cellAtPlace(sheet, next);
}

/** Keys begin at the synapse that is open where the map has it, else at its first recorded cell. */
function focusSome(watched: WatchedTrace, cells: BlockCells) {
  const open = synapse.value;
  const cell = open === null ? -1 : cells.cellOf(open);
  const column = cell >= 0 ? open! : cells.columns.find((each) => each >= 0);
  if (column !== undefined) watched.hovered.value = column;
}

/** Scrolls so far that a cell is in sight. */
function showCell(canvas: HTMLCanvasElement, sheet: Sheet, cell: number, size: CellSize) {
  const scroll = canvas.closest('.map-scroll');
  if (scroll === null) return;
  const { x, y } = pixelOfCell(sheet, cell);
  const [left, top] = [x * size.x, y * size.y];
  if (left < scroll.scrollLeft) scroll.scrollLeft = left - 16;
  else if (left + size.x > scroll.scrollLeft + scroll.clientWidth)
    scroll.scrollLeft = left + size.x - scroll.clientWidth + 16;
  if (top < scroll.scrollTop) scroll.scrollTop = top - 16;
  else if (top + size.y > scroll.scrollTop + scroll.clientHeight)
    scroll.scrollTop = top + size.y - scroll.clientHeight + 16;
}
