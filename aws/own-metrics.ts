import type { Metric } from './metrics';

/** @returns the namespace of an environment's own metrics. */
export function ownNamespace(name: string): string {
  return `Kairos/${name}`;
}

/**
 * The metric that marks a release in progress: 1 while it runs, put repeatedly, and 0 once it has failed. Its statistic
 * is the minimum of a minute, so that a 0 counts even in the minute of the last 1. The command that puts it and the
 * alarm on it both use this definition.
 * @param name the prefix of the environment's resource names, such as `kairos-prod`.
 */
export function releaseMetric(name: string): Metric {
  return { namespace: ownNamespace(name), name: 'ReleaseAtWork', dimensions: {}, statistic: 'Minimum' };
}

/** The suffix of the ids of the alarms on it. */
export const releaseMarkId = 'release-at-work';

/** @returns whether an alarm, by its name, only marks a release in progress. */
export function isReleaseMark(alarmName: string): boolean {
  return alarmName.endsWith(`-${releaseMarkId}`);
}
