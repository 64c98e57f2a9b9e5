const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

/** What the machine lacks is downloaded, as by `kairos local up`. */
const fetchTools = ['-r', './bin/typescript', join(__dirname, '../../scripts/fetch-tools.ts')];

const terraform = {
  name: 'Terraform 1.11 or newer',
  found: () => isNewEnough(process.env.TERRAFORM_BINARY_NAME ?? 'terraform') || isFetched('terraform'),
};

const python = {
  name: 'Python 3.10 or newer',
  found: () =>
    [process.env.KAIROS_PYTHON ?? 'python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'].some(
      (command) => answers(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']),
    ),
};

/** With moby's module, which Go downloads and caches. */
const go = {
  name: "Go with moby's patternmatcher",
  found: () => answers('go', ['mod', 'download'], { cwd: join(__dirname, '../go/moby'), timeout: 20_000 }),
};

/** The linter of the workflows, which Go downloads and caches too. */
const actionlint = {
  name: 'Go with actionlint',
  found: () =>
    answers('go', ['mod', 'download'], { cwd: join(__dirname, '../go/actionlint'), timeout: 60_000 }),
};

function isNewEnough(command) {
  const { stdout } = spawnSync(command, ['version'], { encoding: 'utf8' });
  const [, major, minor] = /Terraform v(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 11);
}

function isFetched(tool) {
  return answers(process.execPath, [...fetchTools, tool], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function answers(command, args, options = {}) {
  return spawnSync(command, args, { stdio: 'ignore', ...options }).status === 0;
}

/** What a tier needs. The docker tier checks this itself. */
const needs = {
  terraform: [terraform],
  python: [python],
  go: [go, actionlint],
  e2e: [terraform, python],
  commands: [terraform, python],
  operations: [terraform, python],
};

/** @returns the missing tools of a tier, by name. */
function missingTools(tier) {
  return (needs[tier] ?? []).filter((tool) => !tool.found()).map((tool) => tool.name);
}

module.exports = { missingTools };
