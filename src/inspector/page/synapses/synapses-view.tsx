/** Heatmaps, traces and accounts of the synapses of one run. */
export function SynapsesView({ id }: { readonly id: string }) {
  return <p class="notice">Synapses of {id}</p>;
}
