import type { Shell } from './process';
import { isInteractive } from './terminal';

/**
 * Counts the resources that Terraform reports as imported, created, changed and destroyed, and knows what it is waiting
 * for.
 */
export class ProgressCounter {
  private done = 0;
  private planned = 0;
  /** The resources in progress, by address: since when, as Terraform prints it (`1m30s`). */
  private readonly waiting = new Map<string, string>();

  /** @param line one line of Terraform's output. @returns the progress, if the line changed it. */
  read(line: string): string | undefined {
    const plan = /Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/.exec(line);
    const step =
      /(\w+\.[\w-]+)(?: \([^)]*\))?: (?:(Creation|Modifications|Destruction|Import) complete|Still \w+\.\.\. \[(?:id=[^,]*, )?(\w+) elapsed\])/.exec(
        line,
      );
    const [, address = '', complete, elapsed] = step ?? [];
    if (plan !== null) {
      const counts = plan.slice(1).map((text: string | undefined) => Number(text ?? 0));
      this.planned += counts.reduce((sum, count) => sum + count, 0);
    } else if (complete !== undefined) {
      this.done += 1;
      this.waiting.delete(address);
    } else if (elapsed !== undefined) {
      this.waiting.set(address, elapsed);
    } else {
      return undefined;
    }
    return `${this.done} of ${this.planned}${this.waitsFor()}`;
  }

  /** The first is the one in progress for the longest time, because a map keeps the order of its keys. */
  private waitsFor(): string {
    const [longest] = this.waiting;
    if (longest === undefined) return '';
    const [address, elapsed] = longest;
    const more = this.waiting.size === 1 ? '' : ` and ${this.waiting.size - 1} more`;
    return `, waits for ${address.split('.')[0] ?? ''} since ${elapsed}${more}`;
  }
}

/** @returns a listener that reads Terraform's lines and reports the progress. */
export function countProgress(onProgress: (words: string) => void): (line: string) => void {
  const counter = new ProgressCounter();
  return (line) => {
    const words = counter.read(line);
    if (words !== undefined) onProgress(words);
  };
}

/** How often a line is printed where lines cannot be overwritten, in milliseconds. */
const plainInterval = 15_000;

/**
 * A terminal shows each step in place. A log gets a line from time to time, to show that the command is running.
 * @param stack the name of the stack.
 * @param task where the text is shown.
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
