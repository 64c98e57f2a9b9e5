const { spawnSync } = require('node:child_process');

const terraform = {
  name: 'Terraform',
  found: () => answers(process.env.TERRAFORM_BINARY_NAME ?? 'terraform', ['version']),
};

const python = {
  name: 'Python 3.10 or newer',
  found: () =>
    [process.env.KAIROS_PYTHON ?? 'python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'].some(
      (command) => answers(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']),
    ),
};

function answers(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** What a tier cannot do without; the docker tier finds out for itself. */
const needs = { terraform: [terraform], python: [python], e2e: [terraform, python] };

/** @returns the tools of a tier that this machine lacks, by name. */
function missingTools(tier) {
  return (needs[tier] ?? []).filter((tool) => !tool.found()).map((tool) => tool.name);
}

module.exports = { missingTools };
