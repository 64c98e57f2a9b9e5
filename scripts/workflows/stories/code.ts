import { deepStrictEqual, match } from 'node:assert/strict';
import { environmentNames } from '../../../config/names';
import { clients } from '../world';
import { passed, type Story } from './story';

/** The workflows for the backend's code: from an image to prod. */
export const codeStories: readonly Story[] = [
  {
    workflow: 'deploy.yml',
    what: 'started by hand, with the digest of an image',
    tell: async (world) => {
      const digest = await world.image('Hello from Kairos', 'Hello, workflow');
      const run = passed(
        await world.runner.run('deploy.yml', 'workflow_dispatch', {}, { digest, to: 'prod' }),
      );
      for (const name of environmentNames) deepStrictEqual(await world.digest(name), digest);
      deepStrictEqual(
        world.github.dispatches.map(({ to, event_type }) => [to, event_type]),
        [[clients, 'update-client']],
      );
      match(run.said, /To go back: `npx kairos rollback prod`/);
      return 'dev → staging → prod run it, and the clients’ repository is notified';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'a push to the backend, which dispatches its commit; main of the backend has newer commits',
    tell: async (world) => {
      const told = world.github.dispatches.length;
      const commit = await world.pushBackend('Hello from Kairos', 'Hello, dispatch');
      const digest = await world.backendImage();
      await world.pushBackend('Hello, dispatch', 'Hello, somebody else');
      const payload = { action: 'deploy-backend', client_payload: { commit } };
      const run = passed(await world.runner.run('deploy.yml', 'repository_dispatch', payload));
      for (const name of environmentNames) deepStrictEqual(await world.digest(name), digest);
      deepStrictEqual(world.github.dispatches.length, told);
      match(run.said, /the OpenAPI document has not changed since/);
      return 'that commit is checked out, and dev → staging → prod run it; the API is unchanged, so nobody is notified';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'an image whose routes answer 500',
    tell: async (world) => {
      const before = await world.digest('dev');
      const digest = await world.image(
        'return Message(message="Hello from Kairos")',
        'raise RuntimeError("broken")',
      );
      const run = await world.runner.run('deploy.yml', 'workflow_dispatch', {}, { digest, to: 'prod' });
      deepStrictEqual(Object.values(run.jobs), ['success', 'failure']);
      match(run.said, /answered 500/);
      for (const name of environmentNames) deepStrictEqual(await world.digest(name), before);
      return 'dev is rolled back, the job fails, staging and prod do not start';
    },
  },
];
