import { KernelError, LocalityError } from '../../src/core/errors';
import { defineKernel, type KernelFunction } from '../../src/kernel/kernel';

const decay: KernelFunction = function decay(phi, omega, rate, _spare) {
  return phi[this.thread.x] * (1 - rate) + omega[this.thread.x];
};

function caught(define: () => unknown): unknown {
  try {
    define();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a kernel defined from a function', () => {
  const kernel = defineKernel(decay);

  it('has the name of the function', () => {
    expect(kernel.name).toBe('decay');
    expect(defineKernel('function (phi) { return phi[this.thread.x]; }').name).toBe('anonymous');
  });

  it('tells arrays from scalars, in order, and counts unused parameters as scalars', () => {
    expect(kernel.parameters).toEqual(['phi', 'omega', 'rate', '_spare']);
    expect(kernel.arrays).toEqual(['phi', 'omega']);
    expect(kernel.scalars).toEqual(['rate', '_spare']);
  });

  it('computes what the function computes', () => {
    expect(kernel.call.call({ thread: { x: 1 } }, [1, 2], [10, 20], 0.5)).toBe(21);
  });

  it('runs what was audited, not the function that was given', () => {
    expect(kernel.call).not.toBe(decay);
    expect(Function.prototype.toString.call(kernel.call)).toBe(kernel.source);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(kernel) && Object.isFrozen(kernel.arrays)).toBe(true);
  });

  it('is the same kernel when it is defined again from its source', () => {
    expect(defineKernel(kernel.source)).toEqual({ ...kernel, call: expect.any(Function) });
  });
});

describe('defineKernel', () => {
  it('is not fooled by a toString of the function', () => {
    const cheat: KernelFunction = function (phi) {
      return phi[this.thread.x + 1];
    };
    cheat.toString = () => 'function (phi) { return phi[this.thread.x]; }';
    expect(() => defineKernel(cheat)).toThrow(LocalityError);
  });

  it('refuses a captured variable with its name and line', () => {
    const gain = 2;
    const cheat: KernelFunction = function grow(phi) {
      return phi[this.thread.x] * gain;
    };
    const error = caught(() => defineKernel(cheat)) as LocalityError;
    expect(error).toBeInstanceOf(LocalityError);
    expect(error.message).toContain('grow');
    expect(error.violations).toEqual([
      { expression: 'gain', line: 2, why: expect.stringContaining('captured'), breaks: 'locality' },
    ]);
  });

  it.each<[string, unknown]>([
    ['a bound function', decay.bind({ thread: { x: 0 } })],
    ['a native function', Math.max],
    ['a proxy of a function', new Proxy(decay, {})],
    ['an async arrow function', async (phi: number[]) => phi[0]],
    ['a class', class Rule {}],
    ['an async function', async function rule() {}],
    [
      'a generator',
      function* rule() {
        yield 1;
      },
    ],
    [
      'a method',
      {
        rule(phi: number[]) {
          return phi[0];
        },
      }.rule,
    ],
    ['a number', 3],
    ['nothing', undefined],
    ['no text', ''],
    ['text that is no code', 'return ('],
    ['two functions', 'function a() { return 1; } function b() { return 2; }'],
    ['two functions in brackets', 'function a() { return 1; }), (function b() { return 2; }'],
    ['a function that is called', 'function a() { return 1; })(function b() { return 2; }'],
    ['code after the function', 'function a() { return 1; }; process.exit()'],
    ['code behind a bracket', 'function a() { return 1; }); process.exit(); (0'],
    ['an expression', 'phi[this.thread.x]'],
  ])('refuses %s as no kernel', (_name, value) => {
    expect(caught(() => defineKernel(value as KernelFunction))).toBeInstanceOf(KernelError);
  });

  it('makes of an arrow the ordinary function that means the same, whose `this` is the synapse', () => {
    const kernel = defineKernel('(phi, rate) => phi[this.thread.x] * rate // decay');
    expect(kernel.call.call({ thread: { x: 1 } }, [4, 6], 0.5)).toBe(3);
    expect(kernel).toMatchObject({ arrays: ['phi'], scalars: ['rate'] });
    expect(kernel.source).toMatch(/^function \(phi, rate\) \{/);
  });

  it('takes text with comments and brackets around it', () => {
    const kernel = defineKernel('// decay\n(function decay(phi) { return phi[this.thread.x] / 2; }) // end');
    expect(kernel.source).toBe('function decay(phi) { return phi[this.thread.x] / 2; }');
    expect(kernel.call.call({ thread: { x: 0 } }, [4])).toBe(2);
  });

  it("blanks out 'use strict', which GPU.js cannot compile", () => {
    const kernel = defineKernel("function (phi) { 'use strict'; return phi[this.thread.x]; }");
    expect(kernel.source).not.toContain('strict');
    expect(kernel.call.call({ thread: { x: 0 } }, [4])).toBe(4);
  });
});
