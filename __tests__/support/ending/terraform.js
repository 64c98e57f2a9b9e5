#!/usr/bin/env node
// Stands in for Terraform below the real cdktf, where the provider's work cannot be had: it holds in the command that
// FAKE_TERRAFORM_HOLDS names until it is asked to end, is killed in the one that FAKE_TERRAFORM_KILLED names, as the
// kernel does when memory runs out, and does nothing otherwise.
const { appendFileSync } = require('node:fs');
const [name] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const {
  FAKE_TERRAFORM_KILLED: killed,
  FAKE_TERRAFORM_HOLDS: holds,
  FAKE_TERRAFORM_NOTES: notes,
} = process.env;
if (name === undefined) {
  // Asked for its version by an option: it holds nothing, and nothing kills it.
} else if (name === 'version') {
  console.log(process.argv.includes('-json') ? '{"terraform_version": "1.11.4"}' : 'Terraform v1.11.4');
} else if (name === killed) {
  console.log(`${name} begun`);
  process.kill(process.pid, 'SIGKILL');
} else if (name === holds) {
  process.on('SIGINT', () => {
    setTimeout(() => {
      appendFileSync(notes, `${name} ended\n`);
      process.exit(1);
    }, 200);
  });
  setInterval(() => console.log('still at work'), 100);
  // Last: whoever waits for the note sends the signal at once.
  appendFileSync(notes, `${name} begun\n`);
} else if (name === 'output') {
  console.log('{}');
}
