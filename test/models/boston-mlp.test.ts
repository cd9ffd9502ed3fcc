import { bostonMlp } from '../../models/boston-mlp';

describe("the paper's network for Boston housing", () => {
  it('has 301 complex synapses', () => {
    const network = bostonMlp();
    expect(network.size).toBe(301);
    expect([network.synapse.fast, ...network.synapse.meta]).toEqual(['phi', 'omega', 'lambda']);
  });

  it('is 13 inputs, tanh units and one linear output, learning by the mean squared error', () => {
    const { layers, shapes, loss } = bostonMlp(7);
    expect(layers.map(({ kind }) => kind)).toEqual(['dense', 'tanh', 'dense']);
    expect(shapes).toEqual([[13], [7], [7], [1]]);
    expect(loss.kind).toBe('mse');
  });
});
