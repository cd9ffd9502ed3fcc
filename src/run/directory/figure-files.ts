import path from 'node:path';
import { writeDurably } from '../../core/durable-file';
import { InputError } from '../../core/errors';
import { makeFolder } from '../../core/make-folder';
import { didYouMean } from '../../core/nearest';
import { checkFigure } from '../../plot/check-figure';
import type { MadeFigure } from '../../plot/figure-svg';
import { formatJson } from './format-json';
import type { RunFiles } from './run-files';

/**
 * What a figure is written as: `<name>.json` (the figure and the command that made it, from which it can be drawn again), `.csv` (its
 * numbers), `.svg` and `.png` (twice the SVG's width in pixels, unless told). The same figure gives the same bytes.
 * @returns Each file's name and content, in this order.
 * @throws InputError where the figure is wrong.
 */
export function figureFiles(
  figure: MadeFigure,
  width?: number,
): readonly (readonly [name: string, content: string | Uint8Array])[] {
  // Loaded here, not above: drawing takes a quarter of a second to load, and most command lines draw nothing.
  const { figureCsv } = require('../../plot/figure-csv') as typeof import('../../plot/figure-csv');
  const { figureSvg } = require('../../plot/figure-svg') as typeof import('../../plot/figure-svg');
  const { svgPng } = require('../../plot/svg-png') as typeof import('../../plot/svg-png');
  const svg = figureSvg(figure);
  return [
    [`${figure.name}.json`, formatJson(`${figure.name}.json`, figure)],
    [`${figure.name}.csv`, figureCsv(figure)],
    [`${figure.name}.svg`, svg],
    [`${figure.name}.png`, svgPng(svg, width)],
  ];
}

/**
 * Writes a figure into a folder; each of its files is whole or not there.
 * @returns The files' paths.
 * @throws InputError where the figure is wrong, or the folder cannot be written to.
 */
export function writeFigure(folder: string, figure: MadeFigure, width?: number): string[] {
  const files = figureFiles(figure, width);
  makeFolder(folder);
  for (const [name, content] of files) writeDurably(path.join(folder, name), content);
  return files.map(([name]) => path.join(folder, name));
}

/**
 * The figures of a run, from its `plots/*.json`, or the one asked for.
 * @throws InputError where a file is not as the run wrote it, or there is none of that name; then with the nearest legal one.
 */
export function readFigures(files: RunFiles, name?: string): MadeFigure[] {
  const stems = files.list(/^plots\/[^/]+\.json$/).map((file) => path.basename(file, '.json'));
  if (name !== undefined && !stems.includes(name)) {
    throw new InputError({
      what: 'The run has no such figure',
      got: name,
      legal: stems.join(', ') || 'none: it has drawn nothing',
      advice: didYouMean(name, stems),
    });
  }
  return (name === undefined ? stems : [name]).map((stem) => {
    const file = `plots/${stem}.json`;
    const { command, ...figure } = JSON.parse(files.read(file).toString('utf8'));
    return { ...checkFigure(figure, path.join(files.directory, file)), command: String(command) };
  });
}
