import { nearestNeighbour } from '../../src/baselines/nearest-neighbour';
import type { Batch } from '../../src/data/batch';
import { dense } from '../../src/network/layers/dense';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';

const batch = (rows: [number[], number[]][]): Batch => ({
  samples: rows.length,
  inputs: rows[0]![0].length,
  targets: rows[0]![1].length,
  x: Float64Array.from(rows.flatMap(([x]) => x)),
  y: Float64Array.from(rows.flatMap(([, y]) => y)),
});
const network = (outputs: number, loss = crossEntropy) =>
  defineNetwork({ input: [2], layers: [dense(2, outputs)], loss, synapse: complexSynapse });
const answer = nearestNeighbour().answer!;

describe('the nearest neighbour', () => {
  it('says the class of the training sample that is nearest, the farther the others the surer', async () => {
    const train = batch([
      [[0, 0], [2]],
      [[3, 0], [0]],
      [[0, 5], [1]],
      [[0, 1], [0]],
    ]);
    const heldOut = batch([
      [[0, 2], [0]],
      [[0, 0], [2]],
    ]);
    const { outputs, loss } = await answer(network(3), { train, heldOut });
    // Squared distances to classes 0, 1, 2: 1, 9, 4, of mean 14/3; and 1, 25, 0, of mean 26/3.
    const expected = [-1, -9, -4].map((d) => (d * 3) / 14).concat([-1, -25, 0].map((d) => (d * 3) / 26));
    expected.forEach((value, i) => {
      expect(outputs[i]).toBeCloseTo(value, 14);
    });
    const surprise = (row: number[], label: number) =>
      Math.log(row.reduce((sum, output) => sum + Math.exp(output), 0)) - row[label]!;
    expect(loss).toBeCloseTo((surprise(expected.slice(0, 3), 0) + surprise(expected.slice(3), 2)) / 2, 14);
  });

  it('is not moved by the unit of pixels', async () => {
    const scaled = (by: number) => ({
      train: batch([
        [[0, by], [0]],
        [[by, by], [1]],
      ]),
      heldOut: batch([[[0.3 * by, 0], [1]]]),
    });
    const [small, large] = [await answer(network(2), scaled(1)), await answer(network(2), scaled(255))];
    small.outputs.forEach((output, i) => {
      expect(large.outputs[i]).toBeCloseTo(output, 12);
    });
  });

  it('gives the target of the nearest sample where targets are numbers, the first of equals', async () => {
    const train = batch([
      [
        [1, 0],
        [7, -7],
      ],
      [
        [-1, 0],
        [8, -8],
      ],
    ]);
    const heldOut = batch([
      [
        [0, 0],
        [7, -6],
      ],
      [
        [-2, 0],
        [8, -8],
      ],
    ]);
    const { outputs, loss } = await answer(network(2, mse), { train, heldOut });
    expect([...outputs]).toEqual([7, -7, 8, -8]);
    expect(loss).toBe(1 / 4);
  });

  it('is as sure of a class as it can be where all samples are the same', async () => {
    const same: [number[], number[]][] = [
      [[1, 1], [0]],
      [[1, 1], [1]],
    ];
    const { outputs, loss } = await answer(network(2), { train: batch(same), heldOut: batch(same) });
    expect([...outputs]).toEqual([0, 0, 0, 0]);
    expect(loss).toBeCloseTo(Math.log(2), 14);
  });
});
