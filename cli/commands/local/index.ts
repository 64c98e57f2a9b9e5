import { Command } from 'commander';
import { downCommand } from './down';
import { envCommand } from './env';
import { logsCommand } from './logs';
import { statusCommand } from './status';
import { upCommand } from './up';

export function localCommand(): Command {
  return new Command('local')
    .description('a local cloud that takes the real Terraform deployments and answers as they say')
    .addCommand(upCommand())
    .addCommand(envCommand())
    .addCommand(statusCommand())
    .addCommand(logsCommand())
    .addCommand(downCommand());
}
