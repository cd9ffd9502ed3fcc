import seedrandom from 'seedrandom';
import { z } from 'zod';
import { logarithm } from './arithmetic/logarithm';
import { cosine } from './arithmetic/trigonometry';
import { wholeNumber } from './checks';
import { InputError } from './errors';
import { hasFields, made, validate } from './validate';

/** The full state of one stream: what `restore` needs to go on with the very next number. */
export interface StreamState {
  /** The two indices of the generator (Arc4), and its permutation of 256 numbers. */
  i: number;
  j: number;
  S: number[];
}

/** Streams of the library's, or anything that draws as they do. */
export const randomStreamSchema = made<RandomStream>(
  'a random stream, such as new RandomStreams(1).stream("init")',
  (value) =>
    hasFields(value, { uniform: 'function', normal: 'function', save: 'function', restore: 'function' }),
);

/** A stream of pseudo-random numbers whose whole state can be saved and restored. */
export class RandomStream {
  private generator: seedrandom.StatefulPRNG<seedrandom.State.Arc4>;

  constructor(
    readonly name: string,
    private readonly seed: string,
  ) {
    for (const [what, text] of Object.entries({ name, seed })) {
      if (typeof text === 'string') continue;
      throw new InputError({ what: `A random stream's ${what} must be a text`, got: text });
    }
    this.generator = this.seeded();
  }

  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number {
    return this.generator.double();
  }

  /** Uniform in [low, high). */
  uniformBetween(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Standard normal, by Box and Muller; the second value of each pair is dropped so that no state hides here. */
  normal(): number {
    const radius = Math.sqrt(-2 * logarithm(1 - this.uniform()));
    return radius * cosine(2 * Math.PI * this.uniform());
  }

  /** A whole number in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * wholeNumber('count', count, 1));
  }

  /** The numbers 0..count-1 in random order (Fisher and Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: wholeNumber('count', count) }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }

  /** Back to the first number. */
  rewind(): void {
    this.generator = this.seeded();
  }

  /** Where the stream stands. */
  save(): StreamState {
    return structuredClone(this.generator.state());
  }

  /** @throws InputError where the saved value is no state of a stream; then nothing has changed. */
  restore(state: StreamState): void {
    checkStreamState(this.name, state);
    this.generator = seedrandom('', { state: structuredClone(state) });
  }

  private seeded(): seedrandom.StatefulPRNG<seedrandom.State.Arc4> {
    // The generator reads the low byte of each character only, so others than ASCII are spelled out.
    const spelled = (character: string): string => `\\u${character.charCodeAt(0).toString(16)};`;
    return seedrandom(this.seed.replace(/[^ -~]/g, spelled), { state: true });
  }
}

/**
 * Independent named streams from one root seed: `init`, `split`, `tasks`, `minibatch`, ...
 * A stream depends on the root seed and its own name only, so drawing more from one never shifts another.
 */
export class RandomStreams {
  private readonly streams = new Map<string, RandomStream>();

  constructor(readonly seed: number) {
    wholeNumber('seed', seed);
  }

  /** @throws InputError where the name is no text. */
  stream(name: string): RandomStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(name, `metaplast/${this.seed}/${name}`);
      this.streams.set(name, stream);
    }
    return stream;
  }

  /** The state of every stream opened so far. */
  save(): Record<string, StreamState> {
    return Object.fromEntries([...this.streams].map(([name, stream]) => [name, stream.save()]));
  }

  /**
   * Every stream as it was; one that had not been opened then starts anew.
   * @throws InputError where the saved value is no state of streams; then nothing has changed.
   */
  restore(states: Record<string, StreamState>): void {
    validate(savedStreams, states, 'The saved state of random streams');
    for (const [name, state] of Object.entries(states)) checkStreamState(name, state);
    for (const stream of this.streams.values()) stream.rewind();
    for (const [name, state] of Object.entries(states)) this.stream(name).restore(state);
  }
}

const savedStreams = z.record(z.string(), z.custom<StreamState>());

/** @throws InputError where the saved value is no state of a stream. */
export function checkStreamState(name: string, state: StreamState): void {
  if (isState(state)) return;
  throw new InputError({ what: `The saved state of random stream "${name}" is malformed`, got: state });
}

/** ARC4: a table of 256 bytes and two positions in it. */
function isState(state: StreamState | null | undefined): boolean {
  const isByte = (value: unknown): boolean => Number.isInteger(value) && (value as number) >> 8 === 0;
  return (
    Array.isArray(state?.S) &&
    state.S.length === 256 &&
    state.S.every(isByte) &&
    [state.i, state.j].every(isByte)
  );
}
