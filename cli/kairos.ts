import { kairosCommand } from './commands';
import { endInOrder, ifStopped } from './interruption';
import { red, tell } from './terminal';
import { homeFolder } from './variables';

// The lock file pins the SDK, so its notice about later releases would only precede every output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// The SDK looks for its files there, and fails with a stack trace for a user that is not in the system's user database.
process.env.HOME = homeFolder(process.env);

let told = false;

async function fail(error: unknown): Promise<void> {
  told = true;
  process.exitCode = 1;
  // An error that is caused by stopping is not reported.
  await ifStopped();
  const [{ messageOf }, { userErrorOf }] = await Promise.all([import('../errors'), import('./faults')]);
  const expected = userErrorOf(error);
  tell(`${red('error:')} ${messageOf(expected ?? error)}`);
  if (expected === undefined && error instanceof Error) tell(error.stack ?? '');
}

// The SDK can also reject a promise that nobody awaits. Node would end the command there, during a deploy and with a
// stack trace. Usually another error explains it better; if not, it is reported at the end.
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
