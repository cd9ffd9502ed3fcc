/** The word for each method, in the order of tables. */
export const methodNames = ['sgd', 'ewc', 'si', 'contrastive', 'mesu', 'replay'] as const;
export type MethodName = (typeof methodNames)[number];
