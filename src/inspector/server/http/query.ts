import { badRequest } from '../request-problem';

/** The most of what one request may ask for. */
export const limits = {
  /** Points of a course, of a curve, spans of a timeline. */
  points: 20_000,
  moments: 4096,
  /** Of a trace that is gone through: a file without content may have any number. */
  rows: 2_000_000_000,
  /** Points of an answer, of all courses or curves together. */
  numbers: 1_000_000,
  columns: 64,
  /** Columns of a frame: 64 MB. */
  frame: 8_000_000,
  ids: 1000,
  metrics: 16,
} as const;

/** What a request asks for, part by part; whatever is not legal is refused. The token, of which the guard makes sure, may stand in any. */
export class Query {
  constructor(
    private readonly parameters: URLSearchParams,
    known: readonly string[],
  ) {
    for (const name of parameters.keys())
      if (!known.includes(name) && name !== 'token')
        throw badRequest(`There is no parameter "${name.slice(0, 40)}" here`, name, known.join(', '));
  }

  /** A text that has to be there. */
  text(name: string): string {
    const value = this.one(name);
    if (value === null || value === '')
      throw badRequest(`The parameter "${name}" is missing`, value ?? 'nothing', 'a text');
    return value;
  }

  /** Texts that may be given many times. */
  texts(name: string, most: number): string[] {
    const values = this.parameters.getAll(name);
    if (values.length <= most) return values;
    throw badRequest(`The parameter "${name}" is given too often`, values.length, `up to ${most} times`);
  }

  /** Whole numbers with commas. */
  wholes(name: string, most: number, count: number): number[] {
    const words = this.words(name, count);
    return words.map((word) => whole(name, word, 0, most));
  }

  /** Names with commas. */
  words(name: string, count: number): string[] {
    const words = this.text(name).split(',');
    if (words.length <= count && new Set(words).size === words.length) return words;
    throw badRequest(
      `The parameter "${name}" has too many parts, or one twice`,
      words.length,
      `up to ${count}, each once`,
    );
  }

  /** A whole number. */
  whole(name: string, { least = 0, most = Number.MAX_SAFE_INTEGER, otherwise }: WholeLimits): number {
    const value = this.one(name);
    if (value !== null) return whole(name, value, least, most);
    if (otherwise !== undefined) return otherwise;
    throw badRequest(`The parameter "${name}" is missing`, 'nothing', range(least, most));
  }

  /** One of some words; the first where it is left out. */
  oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const given = this.one(name) ?? words[0];
    const word = words.find((each) => each === given);
    if (word !== undefined) return word;
    throw badRequest(`The parameter "${name}" has no such value`, given.slice(0, 200), words.join(', '));
  }

  /** A text that may be left out. */
  optional(name: string): string | null {
    return this.one(name);
  }

  private one(name: string): string | null {
    const values = this.texts(name, 1);
    return values[0] ?? null;
  }
}

/** What a whole number may be, and what stands for one that is not given. */
export interface WholeLimits {
  readonly least?: number;
  readonly most?: number;
  readonly otherwise?: number;
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw badRequest(`The parameter "${name}" is not legal`, text, range(least, most));
}

const range = (least: number, most: number): string =>
  most === Number.MAX_SAFE_INTEGER
    ? `a whole number of ${least} or more`
    : `a whole number from ${least} to ${most}`;
