import type { Metric } from './metrics';

/** @returns the namespace of what an environment counts itself. */
export function ownNamespace(name: string): string {
  return `Kairos/${name}`;
}

/**
 * What says that a release is in progress: 1 while it is, put again and again, and 0 once it has failed. The least of a
 * minute counts, so that the 0 is heeded in the minute of the last 1. Whoever puts it and the alarm on it agree by this.
 * @param name the environment's, as its resources begin with it, such as `kairos-prod`.
 */
export function releaseMetric(name: string): Metric {
  return { namespace: ownNamespace(name), name: 'ReleaseAtWork', dimensions: {}, statistic: 'Minimum' };
}

/** What the ids of the alarms on it end with. */
export const releaseMarkId = 'release-at-work';

/** @returns whether an alarm, by its name, only says that a release is in progress. */
export function isReleaseMark(alarmName: string): boolean {
  return alarmName.endsWith(`-${releaseMarkId}`);
}
