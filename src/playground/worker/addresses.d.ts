/** What the bundler makes of a file that is to lie beside the page: its address. */
declare module '*?url' {
  const address: string;
  export default address;
}
