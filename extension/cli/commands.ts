/** All commands, in the order of `loci --help`. */

import { askCommand } from './ask.ts';
import { benchCommand } from './bench.ts';
import type { Command } from './command.ts';
import { completeCommand } from './complete.ts';
import { mcpCommand } from './mcp.ts';
import { modelsCommand } from './models.ts';
import { policiesCommand } from './policies.ts';
import { qualityCommand } from './quality.ts';
import { retentionCommand } from './retention.ts';

export const commands: readonly Command[] = [
  askCommand,
  retentionCommand,
  completeCommand,
  mcpCommand,
  modelsCommand,
  policiesCommand,
  benchCommand,
  qualityCommand,
];
