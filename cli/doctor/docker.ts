import { z } from 'zod';
import { type RunResult, run, type Shell } from '../process';
import { isOlder } from '../tools/version';
import { type Check, type Finding, ok, unknown, wrong } from './check';
import { codeOf } from '../../errors';

/** https://docs.docker.com/reference/api/engine/version/v1.48/#tag/System/operation/SystemInfo */
const infoSchema = z.object({
  ServerVersion: z.string().default(''),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  ServerErrors: z.array(z.string()).nullish(),
});

/**
 * In earlier versions a daemon with the containerd store does not accept the context that Terraform's provider sends.
 */
const firstWithContext = [27, 5, 0] as const;

const without = 'start Docker; only "npx kairos image push" needs it';

/** @param info runs `docker info --format '{{json .}}'`; undefined if there is no such command. */
export function dockerCheck(info: () => Promise<Pick<RunResult, 'code' | 'stdout'> | undefined>): Check {
  return {
    id: 'docker',
    title: 'Docker, and its image store',
    run: async () => judge(await info()),
  };
}

function judge(answer: Pick<RunResult, 'code' | 'stdout'> | undefined): Finding {
  if (answer === undefined) {
    return unknown('there is no docker command', 'install Docker; only "npx kairos image push" needs it');
  }
  const info = infoSchema.safeParse(parsed(answer.stdout)).data;
  const version = info?.ServerVersion ?? '';
  if (info === undefined || version === '') {
    return unknown(info?.ServerErrors?.[0] ?? 'no Docker daemon answers', without);
  }
  const containerd = (info.DriverStatus ?? []).some((pair) =>
    pair.some((text) => text.startsWith('io.containerd.snapshotter')),
  );
  if (!containerd) return ok(version);
  if (isOlder(version, firstWithContext)) {
    return wrong(
      `${version} with the containerd image store, which cannot build by Terraform's provider`,
      'update Docker to 28, or set "containerd-snapshotter": false in features of its daemon.json',
    );
  }
  return ok(`${version}, with the containerd image store`);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // an error message instead of JSON; the caller reports that no daemon answers
  }
}

/** @returns the check of this machine's Docker. */
export function localDockerCheck(shell: Shell): Check {
  return dockerCheck(() =>
    run('docker', ['info', '--format', '{{json .}}'], { shell }).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }),
  );
}
