import type { Shell } from './process';
import { isInteractive } from './terminal';

/** Counts what Terraform says it has imported, made, changed and destroyed, and knows what it waits for. */
export class ProgressCounter {
  private done = 0;
  private planned = 0;
  /** What is waited for, by its address: since when, as Terraform says it (`1m30s`). */
  private readonly waiting = new Map<string, string>();

  /** @param line one line of Terraform's output. @returns how far it is, when the line changed that. */
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

  /** What has been waited for longest comes first in a map that keeps the order of its keys. */
  private waitsFor(): string {
    const [longest] = this.waiting;
    if (longest === undefined) return '';
    const [address, elapsed] = longest;
    const more = this.waiting.size === 1 ? '' : ` and ${this.waiting.size - 1} more`;
    return `, waits for ${address.split('.')[0] ?? ''} since ${elapsed}${more}`;
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
