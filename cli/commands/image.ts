import { Command } from 'commander';
import { keptImages } from '../../config/names';
import { readConfiguration } from '../../config/read';
import { findContext } from '../../images/select-image';
import { elsewhereWords, environmentsHere } from '../aws';
import { pushImage, sourceContext, sourcesOf } from '../image/push';
import { findingsLine, type ShownImage, sizeLine } from '../image/status';
import { during } from '../interruption';
import { openEnvironment } from '../live/environment';
import { command, green, print, printJson, table, tell, yellow } from '../terminal';
import { pruneCommand } from './image-prune';

interface Options {
  readonly json?: true;
}

export function imageCommand(): Command {
  return new Command('image')
    .addCommand(tagCommand())
    .addCommand(statusCommand())
    .addCommand(pushCommand())
    .addCommand(pruneCommand());
}

function tagCommand(): Command {
  return new Command('tag')
    .description("print the tag of the backend's source; needs neither AWS nor Docker")
    .option('--json', 'print it with its sources, as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos image tag\nExit codes: 0 it was printed; 1 there is no source to build.',
    )
    .action(({ json }: Options) => {
      const { tag, source, version, platform, files } = sourceContext(
        readConfiguration(process.env).image,
        process.env,
      );
      if (json) printJson({ tag, source, version, platform, files: files.map(({ path }) => path) });
      else print(tag);
    });
}

function statusCommand(): Command {
  return new Command('status')
    .description('show the images in ECR, the findings of their scans, and which environments run them')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos image status\nExit codes: 0 success; 1 it could not be read.',
    )
    .action(async ({ json }: Options) => {
      const { imageStatus } = await import('../image/status');
      const { here, elsewhere } = await environmentsHere(process.env);
      const environments = await Promise.all(here.map((name) => openEnvironment(name, process.env)));
      const source = findContext(readConfiguration(process.env).image, sourcesOf(process.env));
      const tag = 'missing' in source ? undefined : source.tag;
      const { images, total } = await imageStatus(environments, tag);
      const pushed = images.find(({ isSource }) => isSource);
      if (json) {
        printJson({ source: { tag, pushed: pushed !== undefined }, images, total });
        return;
      }
      if (images.length === 0) print('ECR has no image yet');
      else print(await table(['tag', 'digest', 'size', 'pushed', 'findings', 'runs in'], images.map(rowOf)));
      for (const each of elsewhere) tell(elsewhereWords(each));
      if (total > keptImages * 0.8) {
        const prune = command('npx kairos image prune');
        tell(
          yellow(`${total} images; above ${keptImages} ECR deletes the oldest, even one that runs: ${prune}`),
        );
      }
      if (images.length < total) tell(`${total - images.length} older ones are not shown`);
      if ('missing' in source) tell(yellow(`the source's own image is unknown: ${source.missing}`));
      else tell(nextOf(source.tag, pushed));
    });
}

/** An image has one tag, unless somebody has tagged it by hand. */
function rowOf({ tags, digest, bytes, pushed, findings, environments, isSource }: ShownImage): string[] {
  const tag = tags.length === 0 ? 'untagged' : tags.map((each) => each.slice(0, 12)).join(', ');
  const serious = (findings?.CRITICAL ?? 0) + (findings?.HIGH ?? 0) > 0;
  return [
    isSource ? `${tag} (source)` : tag,
    digest.slice(7, 19),
    sizeLine(bytes),
    pushed.slice(0, 10),
    serious ? yellow(findingsLine(findings)) : findingsLine(findings),
    green(environments.join(', ')),
  ];
}

function nextOf(tag: string, pushed: ShownImage | undefined): string {
  if (pushed === undefined) {
    return `the source's image ${tag} is not pushed yet; next: ${command('npx kairos image push')}`;
  }
  if (pushed.environments.length > 0) return `the source's image ${tag} runs`;
  return `the source's image ${tag} runs nowhere; next: ${command('npx kairos release dev')}`;
}

function pushCommand(): Command {
  return new Command('push')
    .description('build the image of the backend and push it, unless ECR has it already; needs Docker')
    .option('--json', 'print tag and digest as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos image push
Exit codes: 0 ECR has an image that Lambda accepts; 1 it was not built, or Lambda would refuse it.`,
    )
    .action(async ({ json }: Options) => {
      const before = { live: 'nothing was built or pushed', next: 'npx kairos image push' };
      const image = await during(before, () => pushImage(process.env));
      const { tag, digest, pushed, standIn } = image;
      const there = standIn ? 'was there already: a placeholder, pushed without Docker' : 'was there already';
      if (json) printJson(image);
      else print(`${tag} ${digest}${pushed ? '' : ` (${there})`}`);
      tell(`next: ${command(`npx kairos release dev --digest ${digest}`)}`);
    });
}
