import { OPENING_MINUTE } from '../domain/time-window.ts';
import { planRounds } from '../planning/plan-rounds.ts';
import type { Plan } from '../planning/plan-rounds.ts';
import type { Services } from '../server.ts';
import type { Route } from './route.ts';

export function roundRoutes({ deliveries, riders, jobs, logger }: Services): Route[] {
  let plan: Plan = { rounds: [], left: [] };
  return [
    { method: 'GET', path: '/rounds', handle: () => plan.rounds },
    {
      method: 'POST',
      path: '/rounds/plan',
      handle: async () => {
        for (const [id, position] of await jobs.takePositions()) {
          const delivery = deliveries.get(id);
          await deliveries.save({ ...delivery, dropoff: { ...delivery.dropoff, position } });
        }
        plan = planRounds(deliveries.withStatus('open'), riders, OPENING_MINUTE);
        for (const { stops } of plan.rounds) {
          for (const { delivery } of stops) await deliveries.setStatus(delivery.id, 'planned');
        }
        logger.info(`planned ${plan.rounds.length} rounds, ${plan.left.length} left over`);
        return plan;
      },
    },
  ];
}
