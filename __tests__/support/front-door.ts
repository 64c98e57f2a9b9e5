import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { reachable } from '../../cli/address';
import { localAddresses } from '../../cli/local/addresses';
import { expectSuccess, type Project } from './project';

const outputsSchema = z.record(z.string(), z.object({ value: z.string() }));

/** An environment as its users know it: by the URL in the outputs of its stack. */
export class FrontDoor {
  private constructor(
    private readonly project: Project,
    readonly functionName: string,
    /** The URL of the edge, without a slash at the end. */
    readonly url: string,
    /** The URL of the API behind it. */
    readonly apiUrl: string,
    readonly apiId: string,
  ) {}

  static async of(project: Project, stack: string): Promise<FrontDoor> {
    const { stdout } = expectSuccess(await project.terraform(stack, ['output', '-json']));
    const { url, api_endpoint: api } = outputsSchema.parse(JSON.parse(stdout));
    const addresses = await localAddresses(project.record);
    const apiEndpoint = api?.value ?? '';
    return new FrontDoor(
      project,
      stack,
      reachable(url?.value ?? '', addresses),
      reachable(apiEndpoint, addresses),
      new URL(apiEndpoint).hostname.split('.')[0] ?? '',
    );
  }

  /** Sends a request through the edge. Redirects are not followed, so that they can be tested. */
  get(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { redirect: 'manual', ...init });
  }

  /** @returns the messages in the function's log since a time, when one of them matches. */
  async logUntil(pattern: RegExp, startTime: number): Promise<string> {
    for (;;) {
      const log = await this.log(startTime);
      if (pattern.test(log)) return log;
      await pause(50);
    }
  }

  async log(startTime: number): Promise<string> {
    const logGroupName = `/aws/lambda/${this.functionName}`;
    const { events } = await this.project
      .clients()
      .logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
    return (events ?? []).map(({ message }) => message).join('\n');
  }

  /**
   * Raises the revision of the secrets, like a deploy with a raised number, and moves the alias to the version that
   * this publishes. Without a change Lambda publishes none. @returns the version.
   */
  async publish(): Promise<string> {
    const { lambda } = this.project.clients();
    const FunctionName = this.functionName;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const revision = Number(Environment?.Variables?.KAIROS_SECRETS_REVISION) + 1;
    const Variables = { ...Environment?.Variables, KAIROS_SECRETS_REVISION: String(revision) };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    return this.publishUpdate();
  }

  /** Publishes an update when Lambda has finished it, and moves the alias to the version. @returns the version. */
  async publishUpdate(): Promise<string> {
    const { lambda } = this.project.clients();
    const FunctionName = this.functionName;
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
    const { Version = '' } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    await this.moveAlias(Version);
    return Version;
  }

  async moveAlias(version: string): Promise<void> {
    const { lambda } = this.project.clients();
    await lambda.send(
      new UpdateAliasCommand({ FunctionName: this.functionName, Name: 'live', FunctionVersion: version }),
    );
  }
}
