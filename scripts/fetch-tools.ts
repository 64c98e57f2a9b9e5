import { emulatorPython } from '../cli/local/prerequisites';
import { tell } from '../cli/terminal';
import { findTerraform } from '../cli/tools/terraform';
import { messageOf } from '../errors';

/** Fetches what the tests need and the machine lacks: `terraform` or `python`. Exit code 1 when it cannot be had. */
const [tool] = process.argv.slice(2);

async function main(): Promise<void> {
  await (tool === 'terraform' ? findTerraform(process.env) : emulatorPython(process.env));
}

main().catch((error: unknown) => {
  tell(messageOf(error));
  process.exitCode = 1;
});
