import type { Plan } from './plan';

/** Keeps compiled plans ready; beyond `capacity` the one used longest ago is destroyed. */
export class PlanCache {
  private readonly plans = new Map<string, Plan>();

  constructor(private readonly capacity: number) {}

  async get(key: string, make: () => Plan): Promise<Plan> {
    const plan = this.plans.get(key) ?? make();
    this.plans.delete(key);
    this.plans.set(key, plan);
    if (this.plans.size > this.capacity) {
      const [oldest, unused] = this.plans.entries().next().value!;
      this.plans.delete(oldest);
      await unused.destroy();
    }
    return plan;
  }

  async clear(): Promise<void> {
    for (const plan of this.plans.values()) await plan.destroy();
    this.plans.clear();
  }
}
