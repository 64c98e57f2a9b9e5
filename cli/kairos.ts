import { kairosCommand } from './commands';
import { endInOrder, ifStopped } from './interruption';
import { red, tell } from './terminal';
import { homeFolder } from './variables';

// The lock file pins the SDK, so its notice of what later releases need is noise in front of every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// The SDK looks for its files there, and ends with a stack trace for a user whom the system does not know.
process.env.HOME = homeFolder(process.env);

endInOrder();
kairosCommand(process.argv.slice(2))
  .then((program) => program.parseAsync())
  .catch(async (error: unknown) => {
    // What fails because it was stopped is no failure of its own.
    await ifStopped();
    const [{ messageOf }, { userErrorOf }] = await Promise.all([import('../errors'), import('./faults')]);
    const expected = userErrorOf(error);
    tell(`${red('error:')} ${messageOf(expected ?? error)}`);
    if (expected === undefined && error instanceof Error) tell(error.stack ?? '');
    process.exitCode = 1;
  });
