/**
 * Properties are tried on the same cases each time, so that a suite that passed passes again; a counterexample that no
 * change has brought is then found where it is looked for: `PROPERTIES=random npx jest ...` draws new cases, and prints
 * the seed of one that fails.
 */
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

if (process.env.PROPERTIES !== 'random') fastCheck.configureGlobal({ seed: 20_240_601 });

module.exports = fastCheck;
