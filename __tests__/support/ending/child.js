// Replaces a Terraform that runs for a long time. It only ends, cleanly, when it gets SIGINT.
const { writeFileSync } = require('node:fs');
const [, , folder, patience] = process.argv;
let asked = 0;
process.on('SIGINT', () => {
  asked += 1;
  if (asked === Number(patience)) {
    writeFileSync(`${folder}/state`, 'written');
    setTimeout(() => process.exit(1), 100);
  }
});
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
setInterval(() => console.log('working'), 50);
console.log('begun');
