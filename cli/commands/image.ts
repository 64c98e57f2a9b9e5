import { Command } from 'commander';
import { pushImage } from '../image/push';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly json?: true;
}

export function imageCommand(): Command {
  return new Command('image').addCommand(pushCommand());
}

function pushCommand(): Command {
  return new Command('push')
    .description('build the image of the backend and push it, unless ECR has it already; needs Docker')
    .option('--json', 'print tag and digest as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos image push
Exit codes: 0 ECR has it and Lambda takes it; 1 it was not built, or Lambda would refuse it.`,
    )
    .action(async ({ json }: Options) => {
      const image = await pushImage(process.env);
      const { tag, digest, pushed } = image;
      if (json) printJson(image);
      else print(`${tag} ${digest}${pushed ? '' : ' (was there already)'}`);
      tell(`next: ${command(`npx kairos release dev --digest ${digest}`)}`);
    });
}
