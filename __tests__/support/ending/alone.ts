// One of several processes that want the same home: `alone.ts`. It continues when the file `go` exists in the home.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { alone } from '../../../cli/local/alone';
import { LocalHome } from '../../../cli/local/home';
import { print } from '../../../cli/terminal';

const home = new LocalHome(process.env);
const note = (text: string) => {
  appendFileSync(home.path('notes'), `${process.pid} ${text}\n`);
};

void alone(
  home,
  (pid) => {
    print(`waits for ${pid}`);
  },
  async () => {
    note('begins');
    print('works');
    while (!existsSync(home.path('go'))) await pause(20);
    note('ends');
  },
);
