import { emulatorPython } from '../cli/local/prerequisites';
import { tell } from '../cli/terminal';
import { findTerraform } from '../cli/tools/terraform';
import { messageOf } from '../errors';

/** Downloads what the tests need and the machine lacks: `terraform` or `python`. The exit code is 1 if it cannot. */
const [tool] = process.argv.slice(2);

async function main(): Promise<void> {
  await (tool === 'terraform' ? findTerraform(process.env) : emulatorPython(process.env));
}

main().catch((error: unknown) => {
  tell(messageOf(error));
  process.exitCode = 1;
});
