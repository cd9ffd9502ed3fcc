/** Which connection a synapse is. */
export interface Connection {
  /** Index of the layer that it belongs to, counted from 0 over all layers of the network. */
  readonly layer: number;
  /** Which of the layer's parameters: `weight`, `bias`, ... */
  readonly parameter: string;
  /** The unit (flat index) that it comes from, in a kernel [channel][row][column] its place there; null for a bias. */
  readonly from: number | null;
  /** The unit that it ends on, in a kernel the output channel. */
  readonly to: number;
}

/** Where the synapses of a population sit in a network. */
export interface Topology {
  readonly size: number;
  /** Which connection a synapse is. */
  connection(index: number): Connection;
}
