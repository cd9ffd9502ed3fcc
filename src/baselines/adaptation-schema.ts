import { z } from 'zod';
import { optimizerSchema } from '../learning/optimizers';

/** How a baseline learns a task by plain gradient descent: its learning rate, and its steps. */
export const descentSchema = z.strictObject({ rate: z.number().positive(), steps: z.int().min(1) });

/** The same by any optimiser. */
export const adaptationSchema = z.strictObject({ optimizer: optimizerSchema, steps: z.int().min(1) });

export const rateSchema = z.strictObject({ rate: z.number().positive() });
