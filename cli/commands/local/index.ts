import { Command } from 'commander';
import { dropForeignVariables } from '../../local/foreign-variables';
import { downCommand } from './down';
import { envCommand } from './env';
import { logsCommand } from './logs';
import { statusCommand } from './status';
import { upCommand } from './up';

export function localCommand(): Command {
  return new Command('local')
    .description('a local cloud that takes the real Terraform deployments and answers as they say')
    .hook('preAction', (_, command) => {
      // `env` tells the shell of them; every other command must not follow them itself.
      if (command.name() !== 'env') dropForeignVariables(process.env);
    })
    .addCommand(upCommand())
    .addCommand(envCommand())
    .addCommand(statusCommand())
    .addCommand(logsCommand())
    .addCommand(downCommand());
}
