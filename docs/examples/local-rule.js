/**
 * A rule that is local: phi relaxes towards omega, the faster the larger lambda.
 * Try: npx metaplast audit docs/examples/local-rule.js
 */
module.exports = function relax(phi, omega, lambda, rate) {
  const gap = omega[this.thread.x] - phi[this.thread.x];
  return phi[this.thread.x] + rate * lambda[this.thread.x] * gap;
};
