import type { Exactness } from './dialect-grid';

const function_ = (expression: string): string =>
  /(exp|log|tanh|sqrt|pow|\*\*|\/)/.exec(expression)?.[0] ?? '';

/** JavaScript's own arithmetic, rounded to float32 once. */
export const inJavaScript: Exactness = { ulps: () => 0, subnormals: true, zeroSigns: true };

/** Operations of WebAssembly in float32, and functions of JavaScript, each rounded once. */
export const inWebAssembly: Exactness = { ulps: () => 0, subnormals: true, zeroSigns: true };

/** The same, with functions of the engine's own: each within two units (test/engine/simd/vector-math.test.ts). */
export const inSimd: Exactness = {
  ulps: (expression) => (['exp', 'log', 'tanh'].includes(function_(expression)) ? 2 : 0),
  subnormals: true,
  zeroSigns: true,
};

/**
 * What WGSL allows a device (section 15.7.4, accuracy of expressions), and GLSL ES leaves to it: an exponential 3 + 2 |x| units, a
 * logarithm and a division three; a power is an exponential of a product with a logarithm, small whole ones are up to seven products.
 * Devices may take subnormal numbers for 0, and a zero for one of the other sign.
 */
export const inShaders: Exactness = {
  ulps(expression, a, b) {
    const steepness = (exponent: number, base: number): number => {
      const size = Math.abs(exponent * Math.log(Math.abs(base)));
      return Number.isFinite(size) ? 10 + 3 * size : 0;
    };
    switch (function_(expression)) {
      case 'exp':
        return 4 + 2 * Math.min(Math.abs(a), 104);
      case 'log':
      case 'sqrt':
      case '/':
        return 4;
      case 'tanh':
        return 8;
      case 'pow':
      case '**': {
        const exponent = /, (.*)\)/.exec(expression)?.[1] ?? (expression.endsWith('b') ? 'b' : 'a');
        if (expression.startsWith('2')) return steepness(a, 2);
        return steepness(exponent === 'b' ? b : new Function(`return ${exponent}`)(), a);
      }
      default:
        return 0;
    }
  },
  subnormals: false,
  zeroSigns: false,
};
