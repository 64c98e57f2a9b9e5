// Loaded first in a command. When it writes its HELD_WRITE-th file into the folder HELD_FOLDER, only half of the text
// arrives, and the command waits for ever.
const fs = require('node:fs');
const { dirname, resolve } = require('node:path');
const { HELD_FOLDER: folder, HELD_WRITE: last, HELD_NOTE: note } = process.env;
const write = fs.writeFileSync;
let writes = 0;
fs.writeFileSync = (file, text, ...more) => {
  if (dirname(resolve(String(file))) !== folder || ++writes < Number(last)) return write(file, text, ...more);
  write(file, text.slice(0, text.length / 2));
  write(note, String(file));
  return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
