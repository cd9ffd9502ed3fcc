export const RunView = ({ id }: { readonly id: string }) => <p>{id}</p>;
