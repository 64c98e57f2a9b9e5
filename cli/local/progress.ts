import type { Shell } from '../process';
import { isInteractive } from '../terminal';

/** Counts what Terraform says it has imported, made, changed and destroyed. */
export class ProgressCounter {
  private done = 0;
  private planned = 0;

  /** @param line one line of Terraform's output. @returns how far it is, when the line changed that. */
  read(line: string): string | undefined {
    const plan = /Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/.exec(line);
    if (plan !== null) {
      const counts = plan.slice(1).map((text: string | undefined) => Number(text ?? 0));
      this.planned += counts.reduce((sum, count) => sum + count, 0);
    } else if (/: (Creation|Modifications|Destruction|Import) complete/.test(line)) {
      this.done += 1;
    } else {
      return undefined;
    }
    return `${this.done} of ${this.planned}`;
  }
}

/** @returns what reads Terraform's lines and tells how far it is. */
export function countProgress(onProgress: (words: string) => void): (line: string) => void {
  const counter = new ProgressCounter();
  return (line) => {
    const words = counter.read(line);
    if (words !== undefined) onProgress(words);
  };
}

/** How often a line is added where nothing can be overwritten, in milliseconds. */
const plainInterval = 15_000;

/**
 * A terminal shows each step in place; a log gets a line now and then, so that it is seen to live.
 * @param stack what the words are about.
 * @param task where they go.
 */
export function progressOf(stack: string, task: { output: string }, shell: Shell): (words: string) => void {
  if (isInteractive(shell)) {
    return (words) => {
      task.output = words;
    };
  }
  let last = Date.now();
  return (words) => {
    if (Date.now() - last < plainInterval) return;
    last = Date.now();
    task.output = `${stack}: ${words}`;
  };
}
