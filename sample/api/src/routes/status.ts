import { PAYLOAD_KG } from '../domain/rider.ts';
import type { Services } from '../server.ts';
import type { Route } from './route.ts';

/** With more jobs waiting the worker is most likely not running. */
export const QUEUE_WARNING_LENGTH = 200;

/** The riders, and whether everything works. */
export function statusRoutes({ riders, jobs }: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/riders',
      handle: () => riders.map((rider) => ({ ...rider, payloadKg: PAYLOAD_KG[rider.vehicle] })),
    },
    {
      method: 'GET',
      path: '/health',
      handle: async () => {
        const waiting = await jobs.waiting();
        return { status: waiting > QUEUE_WARNING_LENGTH ? 'behind' : 'ok', waiting };
      },
    },
  ];
}
