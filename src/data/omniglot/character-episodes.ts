import { z } from 'zod';
import { numbers } from '../../core/checks';
import { sha256 } from '../../core/checksum';
import { InputError } from '../../core/errors';
import type { RandomStream } from '../../core/random';
import { validate } from '../../core/validate';
import type { Batch } from '../batch';
import type { EpisodeSource } from '../episode-source';
import { type CharacterSet, makeCharacterSet } from './character-set';

/** What tasks are drawn from characters. */
export interface CharacterEpisodesOptions {
  /** The drawings; or what opens them when the first task is drawn. */
  readonly set: CharacterSet | (() => CharacterSet);
  /** Indices of the characters that tasks are of, or what chooses them when the set is opened. Default: all. */
  readonly characters?: ArrayLike<number> | ((set: CharacterSet) => ArrayLike<number>);
  /** 4: each character turned by 0, 90, 180 and 270 degrees is four classes, made as they are drawn. 1: as it was drawn. Default 1. */
  readonly rotations?: 1 | 4;
  /** Classes a task (N-way); 2 or more. */
  readonly ways: number;
  /** Training drawings a class (K-shot); 1 or more. */
  readonly shots: number;
  /** Held-out drawings a class. Default 15. */
  readonly query?: number;
}

const count = (least: number) => z.int().min(least);
const schema = z.strictObject({
  set: z.custom<CharacterEpisodesOptions['set']>(
    (value) => typeof value === 'function' || typeof value === 'object',
    'a set of characters, or a function that opens one',
  ),
  characters: z
    .custom<CharacterEpisodesOptions['characters']>(
      (value) => typeof value === 'function' || typeof (value as ArrayLike<number>)?.length === 'number',
      'a list of indices, or a function that makes one',
    )
    .optional(),
  rotations: z.union([z.literal(1), z.literal(4)]).default(1),
  ways: count(2),
  shots: count(1),
  query: count(1).default(15),
});

/**
 * Tasks of telling characters apart: of each task `ways` classes are drawn, and of each class `shots + query` drawings, none of them twice. Samples
 * are rows of side x side pixels from 0 (paper) to 1 (ink), class after class; the target is the place of the class in the task. The draws are the
 * same whatever the rotations' pixels are, and whatever the set's.
 * @throws InputError where an option is not legal; from the first task on also where the set has not as many classes or drawings.
 */
export function characterEpisodes(given: CharacterEpisodesOptions): EpisodeSource {
  const options = validate(schema, given, 'the options of characterEpisodes');
  const { ways, shots, query, rotations } = options;
  let opened: Opened | undefined;
  const open = (): Opened => {
    opened ??= openSet(options);
    return opened;
  };
  return {
    name: `${ways}-way ${shots}-shot`,
    get checksum() {
      const { set, characters } = open();
      return set.checksum === undefined ? undefined : sha256(`${set.checksum} ${characters.join(',')}`);
    },
    sample(stream) {
      const { set, characters, turned } = open();
      const [train, heldOut] = [shots, query].map((each) => emptyBatch(ways * each, set.side ** 2)) as [
        Batch,
        Batch,
      ];
      for (const [place, drawn] of distinct(characters.length * rotations, ways, stream).entries()) {
        const character = characters[Math.floor(drawn / rotations)]!;
        const order = turned[drawn % rotations]!;
        for (const [i, drawing] of distinct(set.drawings, shots + query, stream).entries()) {
          const [batch, sample] =
            i < shots ? [train, place * shots + i] : [heldOut, place * query + i - shots];
          draw(set, character * set.drawings + drawing, order, batch, sample);
          batch.y[sample] = place;
        }
      }
      return { train, heldOut };
    },
  };
}

interface Opened {
  readonly set: CharacterSet;
  readonly characters: readonly number[];
  /** For each rotation, the pixel of the drawing that comes to each place. */
  readonly turned: readonly Int32Array[];
}

function openSet({ set: given, characters, rotations, ways, shots, query }: z.output<typeof schema>): Opened {
  const set = makeCharacterSet(typeof given === 'function' ? given() : given);
  const asked = typeof characters === 'function' ? characters(set) : characters;
  if (asked !== undefined) numbers('The characters that tasks are of', asked);
  const chosen = asked === undefined ? set.characters.map((_, i) => i) : Array.from(asked);
  const wrong = chosen.find((i) => !Number.isInteger(i) || i < 0 || i >= set.characters.length);
  if (wrong !== undefined)
    throw new InputError({
      what: `There is no such character in ${set.name}`,
      got: wrong,
      legal: `0 to ${set.characters.length - 1}`,
    });
  if (chosen.length * rotations < ways)
    throw new InputError({
      what: `${set.name} has fewer classes than a task asks for`,
      got: `${ways} ways`,
      legal: `up to ${chosen.length * rotations}: ${chosen.length} characters, ${rotations === 1 ? 'not turned' : 'each turned four ways'}`,
    });
  if (shots + query > set.drawings)
    throw new InputError({
      what: `${set.name} has fewer drawings of a character than a task asks for`,
      got: `${shots} shots and ${query} query drawings`,
      legal: `${set.drawings} together at the most`,
    });
  return { set, characters: chosen, turned: turns(set.side).slice(0, rotations) };
}

/** So many whole numbers below `count`, each once, in random order: the beginning of a shuffle, of which only what was moved is kept. */
function distinct(count: number, wanted: number, stream: RandomStream): number[] {
  const moved = new Map<number, number>();
  return Array.from({ length: wanted }, (_, i) => {
    const j = i + stream.integer(count - i);
    const drawn = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return drawn;
  });
}

/** By 0, 90, 180 and 270 degrees, counter-clockwise. */
function turns(side: number): Int32Array[] {
  const first: Int32Array = Int32Array.from({ length: side * side }, (_, pixel) => pixel);
  const quarter = (order: Int32Array) =>
    Int32Array.from(order, (_, place) => {
      const [row, column] = [Math.floor(place / side), place % side];
      return order[column * side + side - 1 - row]!;
    });
  const all: Int32Array[] = [first];
  for (let turn = 1; turn < 4; turn++) all.push(quarter(all[turn - 1]!));
  return all;
}

function emptyBatch(samples: number, inputs: number): Batch {
  return { samples, inputs, targets: 1, x: new Float64Array(samples * inputs), y: new Float64Array(samples) };
}

function draw(
  { pixels, ink }: CharacterSet,
  drawing: number,
  order: Int32Array,
  { x, inputs }: Batch,
  sample: number,
): void {
  const [from, to] = [drawing * inputs, sample * inputs];
  for (let place = 0; place < inputs; place++) x[to + place] = pixels[from + order[place]!]! / ink;
}
