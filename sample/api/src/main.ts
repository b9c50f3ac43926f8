import { loadConfig } from './config.ts';
import { todaysRiders } from './domain/rider.ts';
import { createServer } from './server.ts';
import { createLogger } from './support/logger.ts';
import { DeliveryStore } from './storage/delivery-store.ts';
import { Journal } from './storage/journal.ts';
import { JobFolder } from './storage/job-folder.ts';

const config = loadConfig(process.env);
const logger = createLogger(config.logLevel);
const journal = await Journal.open(config.journalPath, logger);
const server = createServer({
  config,
  logger,
  deliveries: await DeliveryStore.restore(journal),
  riders: todaysRiders(),
  jobs: new JobFolder(config.jobFolder),
});

server.listen(config.port, () => {
  logger.info(`listening on port ${config.port}`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    logger.info(`${signal}: closing`);
    server.close(() => void journal.close());
  });
}
