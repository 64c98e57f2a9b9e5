import { UserError } from '../../errors';
import type { Pin } from './pins';
import type { StoredImage } from './repository';

/** What would be deleted from a repository, and why the rest is kept. */
export interface PrunePlan {
  /** Unused images that were pushed before the last releases; oldest first. */
  readonly remove: readonly StoredImage[];
  /** The number of images that a version of a function uses. */
  readonly pinned: number;
  /** The number of unused images that were pushed after the oldest of the last releases. */
  readonly recent: number;
  /** The time of the oldest of the last releases. @default - there were fewer, so nothing is old */
  readonly since?: Date;
}

/**
 * A release is an image that a version uses. The same image in three environments is one release, made when its newest
 * version was published.
 * @param keep how many releases count as the last ones, at least 1.
 * @throws UserError if the image of a version is unknown, because it might be deleted.
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
    `nothing was removed, because the images of these versions are unknown; correct it, or delete the version:\n${faults.join('\n')}`,
  );
}
