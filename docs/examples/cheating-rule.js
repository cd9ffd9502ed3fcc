/**
 * A rule that is not local: it looks at its neighbour's weight.
 * Try: npx metaplast audit docs/examples/cheating-rule.js
 */
module.exports = function diffuse(phi, rate) {
  const left = phi[this.thread.x - 1];
  return phi[this.thread.x] + rate * (left - phi[this.thread.x]);
};
