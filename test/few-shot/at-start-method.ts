/** A user's own engine and method, in JavaScript: `m` is metaplast, `z` is zod. The held-out gradient at the start of a task is taken for the meta-gradient. */
export const atStartMethod = `
    m.registerEngine('copied', () => ({ ...m.referenceEngine, name: 'copied', probe: () => m.referenceEngine.probe(), open: (network) => m.referenceEngine.open(network) }));
    const start = m.defineMethod({
      name: 'at-start', summary: 'the held-out gradient where phi starts', network: 'complex',
      settings: z.strictObject({ share: z.number().default(1).describe('of the gradient that is used') }).prefault({}),
      make: ({ share }) => ({
        name: 'at-start', adaptation: m.sgd({ rate: 0.01 }), regularised: false, learns: 'anchor',
        async learn({ network, session, episode, start }) {
          await session.write(network.synapse.fast, start);
          const { loss } = await session.evaluate(episode.heldOut);
          const gradient = await session.gradient(episode.heldOut);
          return { metaGradient: { [network.synapse.anchor]: gradient.map((g) => share * g) }, heldOutLoss: loss };
        },
      }),
      plan: (_, stride) => ({ phases: [{ beta: 0, steps: 1 }], stride, end: 'held-out gradient at the start' }),
    });
`;
