import { z } from 'zod';
import type { TaskPlan } from '../../clock/schedule';

/** Settings of inner learning that methods share. */
export const rate = (standard: number) =>
  z.number().positive().default(standard).describe('learning rate of the inner steps, above 0');

export const steps = (standard: number) =>
  z.int().min(1).default(standard).describe('inner steps a task, 1 or more');

/** The plan of a method that learns the task for some steps, and works out its gradient at their end. */
export function inTheEnd(count: number, stride: number, gradient: string): TaskPlan {
  return { phases: [{ beta: 0, steps: count }], stride, end: gradient };
}
