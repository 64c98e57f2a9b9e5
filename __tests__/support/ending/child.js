// Stands in for a Terraform that takes its time: it ends in order when it is asked by SIGINT, and by nothing else.
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
