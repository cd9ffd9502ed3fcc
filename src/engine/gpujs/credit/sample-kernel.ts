import type { Activities } from '../../../kernel/activities';
import { lowerForGpu } from '../../../kernel/gpu/lower-for-gpu';
import type { UniformNumbers } from '../../../kernel/uniforms';
import type { Rule } from '../../../synapse/rule';

/** A credit's rule as kernels of GPU.js, one for each quantity that it writes: each goes through all samples, in their order. */
export interface SampleKernels {
  /** What is written, and the kernel that gives it behind the last sample. */
  readonly kernels: readonly { readonly writes: string; readonly source: string }[];
  /** What each kernel takes, in this order: the synapses' own quantities, [synapses]; */
  readonly own: readonly string[];
  /** what they see of their neurons, [samples][neurons] of the whole network; */
  readonly pre: readonly string[];
  readonly post: readonly string[];
  /** which of these neurons is theirs, [synapses], for pre and for post, where they see any; and the numbers, [samples][numbers]. */
  readonly functions: readonly string[];
  /** How many numbers there are a sample. */
  readonly numbers: number;
  readonly numbersOf: UniformNumbers;
}

/** What `sampleKernels` knows of the numbers of one of the rule's steps. */
interface Step {
  readonly name: string;
  readonly source: string;
  readonly writes: string;
  readonly arrays: readonly string[];
  readonly first: number;
  readonly numbers: number;
}

/**
 * The rule's own text, lowered as every rule is, as functions of numbers; around them the loop over samples.
 * @param mode of GPU.js
 */
export function sampleKernels(rule: Rule, activities: Activities, mode: string): SampleKernels {
  const lowered = rule.steps.map(({ kernel }) => lowerForGpu(kernel, mode));
  let numbers = 0;
  const steps = rule.steps.map(({ writes, kernel }, index): Step => {
    const name = `step${index}`;
    // Of what `lowerForGpu` prints, `lowered` is the name of the function, and a quantity is never anything but read at this.thread.x.
    const source = lowered[index]!.source.replace('function lowered(', `function ${name}(`).replaceAll(
      /\b(quantity\d+)\[this\.thread\.x\]/g,
      '$1',
    );
    const step = { name, source, writes, arrays: kernel.arrays, first: numbers };
    numbers += lowered[index]!.numbers;
    return { ...step, numbers: lowered[index]!.numbers };
  });
  const written = [...new Set(rule.writes)];
  const pre = rule.reads.filter((name) => activities.pre.includes(name));
  const post = rule.reads.filter((name) => activities.post.includes(name));
  const own = [...new Set([...written, ...rule.reads])].filter((name) => ![...pre, ...post].includes(name));
  return {
    kernels: written.map((writes) => ({
      writes,
      source: kernelText({ steps, own, pre, post, written, result: writes }),
    })),
    ...{ own, pre, post, numbers },
    functions: [
      ...new Set(lowered.flatMap(({ functions }) => functions)),
      ...steps.map(({ source }) => source),
    ],
    numbersOf(scalars, into, from) {
      steps.forEach(({ first }, index) => {
        lowered[index]!.numbersOf(scalars, into, from + first);
      });
    },
  };
}

interface KernelParts extends Pick<SampleKernels, 'own' | 'pre' | 'post'> {
  readonly steps: readonly Step[];
  readonly written: readonly string[];
  readonly result: string;
}

function kernelText({ steps, own, pre, post, written, result }: KernelParts): string {
  const parameters = [
    ...own.map((_, i) => `own${i}`),
    ...pre.map((_, i) => `pre${i}`),
    ...post.map((_, i) => `post${i}`),
    ...(pre.length > 0 ? ['preAt'] : []),
    ...(post.length > 0 ? ['postAt'] : []),
    ...(steps.some(({ numbers }) => numbers > 0) ? ['numbers'] : []),
  ];
  const read = (name: string): string => {
    if (written.includes(name)) return `kept${written.indexOf(name)}`;
    if (pre.includes(name)) return `pre${pre.indexOf(name)}[n][preAt[this.thread.x]]`;
    if (post.includes(name)) return `post${post.indexOf(name)}[n][postAt[this.thread.x]]`;
    return `own${own.indexOf(name)}[this.thread.x]`;
  };
  const call = ({ name, arrays, first, numbers }: Step): string => {
    const given = Array.from({ length: numbers }, (_, place) => `numbers[n][${first + place}]`);
    return `${name}(${[...arrays.map(read), ...given].join(', ')})`;
  };
  return [
    `function learn(${parameters.join(', ')}) {`,
    ...written.map((name, i) => `let kept${i} = own${own.indexOf(name)}[this.thread.x];`),
    'for (let n = 0; n < this.constants.samples; n++) {',
    ...steps.map((step) => `kept${written.indexOf(step.writes)} = ${call(step)};`),
    '}',
    `return kept${written.indexOf(result)};`,
    '}',
  ].join('\n');
}
