// Loaded before anything else in every Node below a command: the application, which has no cloud to wait for while it
// stages the context of the image, waits for good.
const { appendFileSync } = require('node:fs');
const { FAKE_TERRAFORM_NOTES: notes } = process.env;
if (process.argv[1]?.endsWith('main.ts')) {
  appendFileSync(notes, 'synth begun\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
