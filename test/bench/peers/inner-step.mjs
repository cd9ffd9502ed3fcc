/*
 * The same inner step in jax-js, by its WebAssembly: forward, loss + beta held-out loss + sum(lambda (phi - omega)^2) / 2, backward,
 * Nesterov, compiled as one by `jit`. Asked and answered as `inner_step.py`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { blockUntilReady, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';

const floats = (text) => {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

/** What a layer makes of its input, given its parameters; each array is given away where it is used, as jax-js wants it. */
const layers = {
  dense: ({ bias }, x, [weight, threshold]) => {
    const product = np.matmul(x, np.transpose(weight));
    return bias ? product.add(threshold) : product;
  },
  conv2d: ({ stride, padding, bias, outputs }, x, [weight, threshold]) => {
    const around = [padding, padding];
    const y = lax.convGeneralDilated(x, weight, [stride, stride], [around, around]);
    return bias ? y.add(threshold.reshape([1, outputs, 1, 1])) : y;
  },
  'batch-norm': ({ features, epsilon }, x, [gain, shift]) => {
    const axes = x.ndim === 4 ? [0, 2, 3] : [0];
    const shape = x.ndim === 4 ? [1, features, 1, 1] : [1, features];
    const mean = np.mean(x.ref, axes, { keepdims: true });
    const apart = x.sub(mean);
    const variance = np.mean(np.square(apart.ref), axes, { keepdims: true });
    const scale = gain.reshape(shape).div(np.sqrt(variance.add(epsilon)));
    return apart.mul(scale).add(shift.reshape(shape));
  },
  'max-pool': ({ size, stride }, x) => lax.reduceWindow(x, np.max, [size, size], [stride, stride]),
  'average-pool': ({ size, stride }, x) => lax.reduceWindow(x, np.mean, [size, size], [stride, stride]),
  relu: (_, x) => nn.relu(x),
  tanh: (_, x) => np.tanh(x),
  flatten: (_, x) => x.reshape([x.shape[0], -1]),
};

function open({ network, inner, train, replay, phi, lambda }) {
  const { shapes, outputs } = network;
  const classes = network.loss === 'cross-entropy';
  const start = floats(phi);
  let at = 0;
  const first = network.layers.map(({ parameters }) =>
    parameters.map(({ shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      at += size;
      return np.array(start.slice(at - size, at)).reshape(shape);
    }),
  );
  const batchOf = ({ samples, x, y }) => {
    const targets = floats(y);
    return {
      x: np.array(floats(x)).reshape([samples, ...shapes[0]]),
      y: classes
        ? nn.oneHot(np.array(Int32Array.from(targets), { dtype: np.int32 }), outputs)
        : np.array(targets).reshape([samples, outputs]),
    };
  };
  const copy = (of) => tree.ref(of);
  const like = (fill) => tree.map((array) => np.fullLike(array, fill), copy(first));
  let state = { phi: first, momentum: like(0) };
  const fixed = {
    ...{ train: batchOf(train), omega: like(0), lambda: like(lambda) },
    ...(replay === null ? {} : { replay: batchOf(replay) }),
  };
  /** Of `parameters` only, which are not given away. */
  const ofData = (parameters, { x, y }) => {
    const end = network.layers.reduce(
      (input, layer, i) => layers[layer.kind](layer, input, copy(parameters[i])),
      x,
    );
    if (!classes) return np.mean(np.square(end.sub(y)));
    return np.mean(np.sum(nn.logSoftmax(end, -1).mul(y), -1)).mul(-1);
  };
  const augmented = (parameters, given) => {
    const [values, omegas] = [tree.leaves(parameters), tree.leaves(given.omega)];
    const penalty = tree
      .leaves(given.lambda)
      .map((lambdas, i) => lambdas.mul(np.square(values[i].ref.sub(omegas[i]))).sum())
      .reduce((sum, term) => sum.add(term))
      .mul(0.5);
    let total = ofData(parameters, given.train).add(penalty);
    if (given.replay !== undefined) total = total.add(ofData(parameters, given.replay).mul(inner.beta));
    tree.dispose(parameters);
    return total;
  };
  const slopes = valueAndGrad(augmented);
  const gradient = jit((parameters, given) => {
    const [loss, slope] = slopes(parameters, given);
    loss.dispose();
    return slope;
  });
  /** As PyTorch's: momentum <- mu momentum + gradient, phi <- phi - rate (gradient + mu momentum). */
  const step = jit(({ phi: parameters, momentum }, given) => {
    const [loss, slope] = slopes(copy(parameters), given);
    loss.dispose();
    const next = tree.map((m, g) => m.mul(inner.momentum).add(g.ref), momentum, copy(slope));
    const move = (p, g, m) => p.sub(g.add(m.ref.mul(inner.momentum)).mul(inner.rate));
    return { phi: tree.map(move, parameters, slope, next), momentum: next };
  });
  return {
    async gradient() {
      const parts = tree.leaves(gradient(copy(state.phi), copy(fixed)));
      const all = [];
      for (const part of parts) all.push(Buffer.from((await part.data()).buffer));
      return Buffer.concat(all).toString('base64');
    },
    async milliseconds(steps) {
      const begin = performance.now();
      for (let i = 0; i < steps; i++) {
        state = step(state, copy(fixed));
        await blockUntilReady(state);
      }
      return (performance.now() - begin) / steps;
    },
    close() {
      tree.dispose(state);
      tree.dispose(fixed);
    },
  };
}

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

await init('wasm');
const found = createRequire(import.meta.url).resolve('@jax-js/jax');
const { version } = JSON.parse(readFileSync(found.replace(/dist.*$/, 'package.json'), 'utf8'));
say({ version: `jax-js ${version}` });
let opened = null;
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.open !== undefined) {
    opened?.close();
    opened = open(asked);
    say({ gradient: await opened.gradient() });
    await opened.milliseconds(1); // compiles
  } else {
    await opened.milliseconds(asked.before);
    say({ milliseconds: await opened.milliseconds(asked.steps) });
  }
}
