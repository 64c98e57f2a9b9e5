import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { kairosCommand } from '../../../cli/commands';
import {
  environmentNames,
  foundationStackName,
  foundationStackOf,
  imageStackName,
  namesOf,
} from '../../../config/names';

const root = resolve(__dirname, '..', '..', '..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** The commands in a document: in a block for a shell, or between backticks. */
function commandsOf(document: string, start: string): readonly string[] {
  const text = readFileSync(join(root, document), 'utf8').replaceAll('\\\n', ' ');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline]
    .map((line) => line.replace(/\s+#\s.*$/, '').trim())
    .filter((line) => line.startsWith(`${start} `));
}

const written = (start: string) =>
  documents.flatMap((document) => [
    ...new Map(commandsOf(document, start).map((line) => [line, [document, line] as const])).values(),
  ]);

it.each(written('npx kairos'))(
  '%s contains an existing command and existing options: %s',
  async (_, line) => {
    const words = line.split(/\s+/).slice(2);
    const kairos = await kairosCommand(words);
    let command = kairos;
    for (const word of words) {
      const next = command.commands.find((each) => each.name() === word);
      if (next === undefined) break;
      command = next;
    }
    const flags = words.filter((word) => word.startsWith('--'));
    const known = ['--help', '--version', ...command.options.flatMap(({ long }) => long ?? [])];
    expect(command === kairos).toBe(words[0]?.startsWith('--') === true);
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  },
);

it.each(written('npx cdktf'))('%s contains an existing stack: %s', (_, line) => {
  const stacks = [
    foundationStackName,
    ...environmentNames.map(foundationStackOf),
    imageStackName,
    ...environmentNames.map((name) => namesOf(name).stack),
    'kairos-<environment>',
  ];
  const [verb = '', ...names] = line
    .split(/\s+/)
    .slice(2)
    .filter((word) => !word.startsWith('--'));
  expect(['deploy', 'destroy', 'diff', 'output', 'plan', 'synth']).toContain(verb);
  expect(names.filter((name) => !stacks.includes(name))).toEqual([]);
});
