import { whyNoMemory } from '../../../core/address-space';
import { MetaplastError } from '../../../core/errors';

/** A float32 array in the shared memory; its length is a multiple of 4, and it starts at a multiple of 64 bytes. */
export interface Vector {
  /** Byte offset in the memory, as kernels take it. */
  readonly pointer: number;
  readonly values: Float32Array;
}

/** The same bytes, as numbers of float64: half as many. */
export const inFloat64 = ({ pointer, values }: Vector): Float64Array =>
  new Float64Array(values.buffer, pointer, values.length >> 1);

export const pageBytes = 65536;
/** 4 GiB: the most that 32-bit pointers reach. */
const mostPages = 65536;
/** Vectors start at cache lines, so that none shares one with its neighbour. */
const alignment = 64;

/** The next multiple of four. */
export const padded = (count: number): number => (count + 3) & ~3;

/** What a vector of so many numbers takes: whole cache lines, at least one. */
const bytesOf = (count: number): number => Math.max(1, Math.ceil((count * 4) / alignment)) * alignment;

/**
 * One WebAssembly memory for all sessions of this process, shared so that worker threads and system libraries see it
 * without copies. Freed vectors are kept for others of the same size.
 */
export class SharedMemory {
  readonly memory = newMemory();
  /** The first page is the kernels' own; so 0 is never given out, which they take for "none". */
  private end = pageBytes;
  private readonly free = new Map<number, number[]>();
  private freeBytes = 0;

  /** A vector of zeros for at least `count` numbers. @throws MetaplastError where 4 GiB do not suffice. */
  allocate(count: number): Vector {
    const bytes = bytesOf(count);
    const reused = this.free.get(bytes)?.pop();
    const pointer = reused ?? this.extend(bytes);
    const values = new Float32Array(this.memory.buffer, pointer, padded(count));
    if (reused !== undefined) {
      this.freeBytes -= bytes;
      new Uint8Array(this.memory.buffer, pointer, bytes).fill(0);
    }
    return { pointer, values };
  }

  /** Takes a vector back. Nothing may use it afterwards. */
  release({ pointer, values }: Vector): void {
    const bytes = bytesOf(values.length);
    const same = this.free.get(bytes);
    if (same === undefined) this.free.set(bytes, [pointer]);
    else same.push(pointer);
    this.freeBytes += bytes;
  }

  /** Bytes of the vectors that were given out and not taken back. */
  get bytesInUse(): number {
    return this.end - pageBytes - this.freeBytes;
  }

  private extend(bytes: number): number {
    const pointer = this.end;
    const pages = Math.ceil((pointer + bytes) / pageBytes);
    const present = this.memory.buffer.byteLength / pageBytes;
    if (pages > mostPages) {
      throw new MetaplastError({
        what: 'The simd engine has no memory left',
        got: `${pages * pageBytes} bytes`,
        legal: `up to ${mostPages * pageBytes} bytes`,
        advice: 'Close sessions that are not needed, take smaller batches, or --engine reference',
      });
    }
    // By half more than needed, so that many small vectors do not grow it one by one.
    if (pages > present)
      this.memory.grow(Math.min(mostPages - present, Math.max(pages - present, present >> 1)));
    this.end = pointer + bytes;
    return pointer;
  }
}

function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 16, maximum: mostPages, shared: true });
  } catch {
    throw new MetaplastError({
      what: `The simd engine finds no memory: ${whyNoMemory()}`,
      advice: 'Raise the limit (ulimit -v), or take --engine reference',
    });
  }
}

/** What one session has allocated; released as a whole. */
export class Allocation {
  private readonly vectors: Vector[] = [];

  constructor(private readonly memory: SharedMemory) {}

  vector(count: number): Vector {
    const vector = this.memory.allocate(count);
    this.vectors.push(vector);
    return vector;
  }

  /** Gives one vector back before the rest. */
  release(vector: Vector): void {
    const index = this.vectors.indexOf(vector);
    if (index < 0) return;
    this.vectors.splice(index, 1);
    this.memory.release(vector);
  }

  close(): void {
    for (const vector of this.vectors.splice(0)) this.memory.release(vector);
  }
}
