import { Worker } from 'node:worker_threads';
import { Matrix } from 'ml-matrix';
import { interrupted } from '../core/interruption';
import type { SymmetricEigen } from './eigen-here';

/**
 * The same in a thread of its own, so that timers and signals are heard meanwhile: by the same code, to the same bits.
 * @throws Interruption where the signal is aborted.
 */
export async function eigenElsewhere(matrix: Matrix, signal?: AbortSignal): Promise<SymmetricEigen> {
  const workerData = {
    library: require.resolve('ml-matrix'),
    size: matrix.rows,
    entries: Float64Array.from(matrix.to1DArray()),
  };
  const worker = new Worker(program, { eval: true, workerData });
  const abort = (): void => {
    void worker.terminate();
  };
  signal?.addEventListener('abort', abort);
  try {
    const { values, vectors } = await answerOf(worker);
    return { values: [...values], vectors: Matrix.from1DArray(matrix.rows, matrix.rows, vectors) };
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

interface Answer {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

function answerOf(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(interrupted()));
  });
}

/** Plain JavaScript, so that it runs wherever this file does: compiled, by ts-node, in tests. */
const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { EigenvalueDecomposition, Matrix } = require(workerData.library);
  const { size, entries } = workerData;
  const matrix = Matrix.from1DArray(size, size, entries);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  parentPort.postMessage({
    values: Float64Array.from(realEigenvalues),
    vectors: Float64Array.from(eigenvectorMatrix.to1DArray()),
  });
`;
