import { UserError } from '../../errors';
import type { Pin } from './pins';
import type { StoredImage } from './repository';

/** What would be removed of a repository, and why the rest stays. */
export interface PrunePlan {
  /** Images that no version needs, pushed before the last releases; the oldest first. */
  readonly remove: readonly StoredImage[];
  /** How many images a version of a function points to. */
  readonly pinned: number;
  /** How many images no version needs, pushed since the oldest of the last releases. */
  readonly recent: number;
  /** When the oldest of the last releases was. @default - there were fewer, so nothing is old */
  readonly since?: Date;
}

/**
 * A release is an image that a version runs: the same one in three environments is one release, made when its newest
 * version was published.
 * @param keep how many releases count as the last ones, at least 1.
 * @throws UserError when the image of any version cannot be told: it might be one that would go.
 */
export function planPrune(images: readonly StoredImage[], pins: readonly Pin[], keep: number): PrunePlan {
  refuseUnreadable(pins);
  const released = new Map<string, number>();
  for (const { image, published } of pins) {
    if (!('digest' in image)) continue;
    released.set(image.digest, Math.max(released.get(image.digest) ?? -Infinity, published.getTime()));
  }
  const since = [...released.values()].sort((a, b) => b - a)[keep - 1];
  const unpinned = images.filter(({ digest }) => !released.has(digest));
  const remove = unpinned.filter(({ pushed }) => since !== undefined && pushed.getTime() < since);
  return {
    remove: [...remove].sort((a, b) => a.pushed.getTime() - b.pushed.getTime()),
    pinned: images.length - unpinned.length,
    recent: unpinned.length - remove.length,
    since: since === undefined ? undefined : new Date(since),
  };
}

function refuseUnreadable(pins: readonly Pin[]): void {
  const faults = pins.flatMap(({ function: name, version, published, image }) => {
    const reason =
      'unreadable' in image
        ? image.unreadable
        : Number.isNaN(published.getTime())
          ? 'AWS does not say when it was published'
          : undefined;
    return reason === undefined ? [] : [`  ${name}, version ${version}: ${reason}`];
  });
  if (faults.length === 0) return;
  throw new UserError(
    `nothing was removed, for it cannot be told what these need; mend it, or delete the version:\n${faults.join('\n')}`,
  );
}
