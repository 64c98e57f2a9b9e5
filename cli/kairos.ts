import { kairosCommand } from './commands';
import { endInOrder, ifStopped } from './interruption';
import { red, tell } from './terminal';
import { homeFolder } from './variables';

// The lock file pins the SDK, so its notice of what later releases need is noise in front of every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// The SDK looks for its files there, and ends with a stack trace for a user whom the system does not know.
process.env.HOME = homeFolder(process.env);

let told = false;

async function fail(error: unknown): Promise<void> {
  told = true;
  process.exitCode = 1;
  // What fails because it was stopped is no failure of its own.
  await ifStopped();
  const [{ messageOf }, { userErrorOf }] = await Promise.all([import('../errors'), import('./faults')]);
  const expected = userErrorOf(error);
  tell(`${red('error:')} ${messageOf(expected ?? error)}`);
  if (expected === undefined && error instanceof Error) tell(error.stack ?? '');
}

// The SDK also fails where nobody waits for it. Node would end the command there, in the middle of a deploy and with a
// stack trace; whoever waits for what it was about says it better, and else it is said at the end.
process.once('unhandledRejection', (error) => {
  process.on('unhandledRejection', () => undefined);
  process.once('beforeExit', () => {
    if (!told) void fail(error);
  });
});

endInOrder();
kairosCommand(process.argv.slice(2))
  .then((program) => program.parseAsync())
  .catch(fail);
