import fs from 'node:fs';
import path from 'node:path';
import { codeOf, writeDurably, writeFailure } from '../../core/durable-file';
import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { checkFigure } from '../../plot/check-figure';
import type { MadeFigure } from '../../plot/figure-svg';
import { writeJson } from './run-directory';

/** The kinds of file that a figure is written as. */
const figureFormats = ['json', 'csv', 'svg', 'png'] as const;

/**
 * Writes a figure as `<name>.json` (the figure and the command that made it, from which it can be drawn again), `.csv` (its
 * numbers), `.svg` and `.png` (twice the SVG's width in pixels, unless told). Each is whole or not there; the same figure
 * gives the same bytes.
 * @returns The files' paths.
 * @throws InputError where the figure is wrong, or the folder cannot be written to.
 */
export function writeFigure(folder: string, figure: MadeFigure, width?: number): string[] {
  // Loaded here, not above: drawing takes a quarter of a second to load, and most command lines draw nothing.
  const { figureCsv } = require('../../plot/figure-csv') as typeof import('../../plot/figure-csv');
  const { figureSvg } = require('../../plot/figure-svg') as typeof import('../../plot/figure-svg');
  const { svgPng } = require('../../plot/svg-png') as typeof import('../../plot/svg-png');
  const svg = figureSvg(figure);
  const png = svgPng(svg, width);
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeFailure(folder, error);
  }
  const files = figureFormats.map((format) => path.join(folder, `${figure.name}.${format}`));
  const [json, csv, vector, pixels] = files as [string, string, string, string];
  writeJson(json, figure);
  writeDurably(csv, figureCsv(figure));
  writeDurably(vector, svg);
  writeDurably(pixels, png);
  return files;
}

/**
 * The figures of a run, from its `plots/*.json`, or the one asked for.
 * @throws InputError where a file holds no figure, or there is none of that name; then with the nearest legal one.
 */
export function readFigures(directory: string, name?: string): MadeFigure[] {
  const folder = path.join(directory, 'plots');
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const stems = names.filter((file) => /^[^.].*\.json$/.test(file)).map((file) => file.slice(0, -5));
  if (name !== undefined && !stems.includes(name)) {
    throw new InputError({
      what: 'The run has no such figure',
      got: name,
      legal: stems.join(', ') || 'none: it has drawn nothing',
      advice: didYouMean(name, stems),
    });
  }
  return (name === undefined ? stems.sort() : [name]).map((stem) =>
    readFigure(path.join(folder, `${stem}.json`)),
  );
}

function readFigure(file: string): MadeFigure {
  const wrong = (why: string) =>
    new InputError({ what: `"${file}" holds no figure: ${why}`, advice: 'Run the scenario again' });
  let value: { command?: unknown };
  try {
    value = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(
      codeOf(error) === '' ? `it is no JSON: ${(error as Error).message}` : (error as Error).message,
    );
  }
  const { command, ...figure } = value ?? {};
  if (typeof command !== 'string') throw wrong('it has no "command"');
  return { ...checkFigure(figure, file), command };
}
