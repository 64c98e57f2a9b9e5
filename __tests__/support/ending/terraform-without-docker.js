#!/usr/bin/env node
// The real Terraform, for the stack of the image on a machine without a Docker daemon. In place of the resources of the
// docker provider, one resource runs the command STAND_IN_PUSH. State and lock are as with the provider.
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { STAND_IN_PUSH: command, REAL_TERRAFORM: terraform } = process.env;
const file = 'cdk.tf.json';

if (existsSync(file)) {
  const stack = JSON.parse(readFileSync(file, 'utf8'));
  if (stack.provider.docker !== undefined) {
    delete stack.provider.docker;
    delete stack.terraform.required_providers.docker;
    const push = { input: 'pushed', provisioner: [{ 'local-exec': { command } }] };
    stack.resource = { terraform_data: { Pushed: push } };
    stack.output.image_digest.value = '${terraform_data.Pushed.output}';
    writeFileSync(file, JSON.stringify(stack));
  }
}
process.exit(spawnSync(terraform, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1);
