#!/usr/bin/env node
// Replaces Terraform below the real cdktf, where no provider is available. In the command that FAKE_TERRAFORM_HOLDS
// names, it waits until it is told to end. In the one that FAKE_TERRAFORM_KILLED names, it is killed, as by the kernel
// when memory runs out. In others it does nothing.
const { appendFileSync } = require('node:fs');
const [name] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const {
  FAKE_TERRAFORM_KILLED: killed,
  FAKE_TERRAFORM_HOLDS: holds,
  FAKE_TERRAFORM_NOTES: notes,
} = process.env;
if (name === undefined) {
  // When it is asked for its version, it does not wait and is not killed.
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
  // Last, because the test sends the signal as soon as it sees this.
  appendFileSync(notes, `${name} begun\n`);
} else if (name === 'output') {
  console.log('{}');
}
