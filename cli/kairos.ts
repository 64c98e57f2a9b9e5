import { Command } from 'commander';
import { messageOf } from '../errors';
import { version } from '../package.json';
import { bootstrapCommand } from './commands/bootstrap';
import { imageCommand } from './commands/image';
import { localCommand } from './commands/local';
import { promoteCommand } from './commands/promote';
import { releaseCommand } from './commands/release';
import { rollbackCommand } from './commands/rollback';
import { secretsCommand } from './commands/secrets';
import { smokeCommand } from './commands/smoke';
import { statusCommand } from './commands/status';
import { unlockCommand } from './commands/unlock';
import { userErrorOf } from './faults';
import { endInOrder, ifStopped } from './interruption';
import { red, tell } from './terminal';

// The lock file pins the SDK, so its notice of what later releases need is noise in front of every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const program = new Command('kairos')
  .description('What the cdktf command does not do for the Kairos backend.')
  .version(version)
  .helpCommand(false)
  .showHelpAfterError('(--help lists what there is)')
  .addCommand(localCommand())
  .addCommand(bootstrapCommand())
  .addCommand(secretsCommand())
  .addCommand(imageCommand())
  .addCommand(releaseCommand())
  .addCommand(promoteCommand())
  .addCommand(rollbackCommand())
  .addCommand(smokeCommand())
  .addCommand(statusCommand())
  .addCommand(unlockCommand());

endInOrder();
program.parseAsync().catch(async (error: unknown) => {
  // What fails because it was stopped is no failure of its own.
  await ifStopped();
  const expected = userErrorOf(error);
  tell(`${red('error:')} ${messageOf(expected ?? error)}`);
  if (expected === undefined && error instanceof Error) tell(error.stack ?? '');
  process.exitCode = 1;
});
