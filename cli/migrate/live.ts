import { withoutImports } from '../../config/imports';
import { foundationStackName, type EnvironmentName } from '../../config/names';
import { UserError } from '../../errors';
import { openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { environmentOf, type LiveEnvironment } from '../live/environment';
import { readState } from '../live/state';
import type { Shell } from '../process';
import { synthesizedStacks } from '../synthesized';
import { type LiveApi, readApi } from './api';
import { type Declared, declaredIn } from './declared';
import { type Configured, functionOf, type LiveFunction, readConfigured, withoutValues } from './function';
import { type LiveRepository, readRepository } from './repository';
import { type LiveStack, ofType, readStack, type StackResource } from './stack';

/** What exists: the earlier stack, and the environment that will replace it. */
export interface Migration {
  readonly environment: Pick<LiveEnvironment, 'name' | 'names' | 'configuration'>;
  readonly stack: LiveStack;
  readonly function: LiveFunction;
  readonly api: LiveApi;
  /** @default - the account has no repository with this name */
  readonly repository?: LiveRepository;
  /** The address of the API in the environment's state. @default - there is none */
  readonly ownEndpoint?: string;
  /** The resources in the environment's stack and in the foundation, by the stack's name. */
  readonly declared: Readonly<Record<string, readonly Declared[]>>;
}

export interface OpenOptions {
  readonly stack: string;
  readonly environment: EnvironmentName;
  /** The function's name in the template. @default - the stack has only one */
  readonly function?: string;
  readonly shell: Shell;
}

/** The earlier stack's function, with the values of its variables. */
export interface OpenedFunction {
  readonly environment: LiveEnvironment;
  readonly stack: LiveStack;
  readonly name: string;
  readonly configured: Configured;
}

/** @throws UserError if there is no such stack, or it is not clear which function is the backend. */
export async function openFunction(options: OpenOptions): Promise<OpenedFunction> {
  const account = await openAccount(options.shell, options.environment);
  const environment = await environmentOf(account, options.environment, options.shell);
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(account.clientOptions);
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const stack = await readStack(client, options.stack);
  const { id: name } = functionOf(stack, options.function);
  return { environment, stack, name, configured: await readConfigured(environment.lambda, name) };
}

/** Reads only. @throws UserError if the stack cannot be migrated. */
export async function openMigration(options: OpenOptions): Promise<Migration> {
  const { environment, stack, name, configured } = await openFunction(options);
  const { configuration, names, ecr } = environment;
  const { ApiGatewayV2Client } = await import('@aws-sdk/client-apigatewayv2');
  const gateway = new ApiGatewayV2Client(environment.clientOptions);
  gateway.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const live = withoutValues(name, configured, configuration.environments[environment.name]);
  const apiId = apiOf(stack).id;
  const stacks = [names.stack, foundationStackName];
  const [api, repository, state, templates] = await Promise.all([
    readApi(gateway, apiId),
    readRepository(ecr, configuration.image.repository, live.digest),
    readState(environment),
    synthesizedStacks(stacks, options.shell, { [withoutImports]: true }),
  ]);
  if (api?.protocol !== 'HTTP') throw noApi(stack.name);
  const declared = stacks.map((each, index) => [each, declaredIn(templates[index])] as const);
  return {
    environment,
    stack,
    function: live,
    api,
    repository,
    ownEndpoint: state?.outputs.api_endpoint,
    declared: Object.fromEntries(declared),
  };
}

function apiOf(stack: LiveStack): StackResource {
  const apis = ofType(stack, 'AWS::ApiGatewayV2::Api').filter(({ id }) => id !== '');
  const [api] = apis;
  if (api !== undefined && apis.length === 1) return api;
  throw noApi(stack.name);
}

function noApi(stack: string): UserError {
  return new UserError(
    `the stack "${stack}" has no HTTP API, or more than one: there is no single address to keep; deploy kairos in addition to it instead: npx cdktf deploy`,
  );
}
