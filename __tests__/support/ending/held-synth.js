// Loaded first in every Node process of a command. It makes the application, which needs no cloud while it stages the
// image's context, wait for ever.
const { appendFileSync } = require('node:fs');
const { FAKE_TERRAFORM_NOTES: notes } = process.env;
if (process.argv[1]?.endsWith('main.ts')) {
  appendFileSync(notes, 'synth begun\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
