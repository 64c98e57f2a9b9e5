import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { writeFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { configuration } from '../../config/environments';
import { contextOf, exampleBackend } from '../../scripts/backend-image';
import type { BareCloud } from './bare-cloud';

const root = resolve(__dirname, '..', '..');
const template = readFileSync(join(root, '__tests__', 'fixtures', 'deployment-guide.yaml'), 'utf8');

/** The values with which the earlier stack was deployed. Those of its secrets must not be printed anywhere. */
export const earlierSecrets = {
  MongoUsername: 'kairos-user-of-before',
  MongoPassword: 'p%40ssword-of-before',
  MongoHost: 'before.example.net',
  ResendApiKey: 're_key_of_the_mail_of_before',
  SecretKey: 'signing-key-of-before-0123456789abcdef',
} as const;

/** The stack of the earlier guide, deployed with CloudFormation. */
export class EarlierStack {
  private readonly client: CloudFormationClient;

  constructor(
    private readonly cloud: BareCloud,
    readonly name: string,
    private readonly database: string,
  ) {
    this.client = new CloudFormationClient(cloud.clientOptions);
  }

  /** Creates the repository, pushes an image whose command is the backend's own handler, and deploys the template. */
  async deploy(): Promise<void> {
    const parameters = {
      ...earlierSecrets,
      ImageUri: await this.putImage(),
      MongoDbName: this.database,
      MailUsername: 'resend',
    };
    await this.client.send(
      new CreateStackCommand({
        StackName: this.name,
        TemplateBody: template,
        Capabilities: ['CAPABILITY_IAM'],
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    await this.settled('CREATE_COMPLETE');
  }

  /** Deploys the template with resources that are retained when the stack is deleted, and with unchanged values. */
  async retain(names: readonly string[]): Promise<void> {
    const lines = template.split('\n').flatMap((line) => {
      const retained = names.some((name) => line === `  ${name}:`);
      return retained ? [line, '    DeletionPolicy: Retain', '    Metadata: { TakenOver: true }'] : [line];
    });
    const keys = [...Object.keys(earlierSecrets), 'ImageUri', 'MongoDbName', 'MailUsername'];
    await this.client.send(
      new UpdateStackCommand({
        StackName: this.name,
        TemplateBody: lines.join('\n'),
        Capabilities: ['CAPABILITY_IAM'],
        Parameters: keys.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      }),
    );
    await this.settled('UPDATE_COMPLETE');
  }

  async delete(): Promise<void> {
    const { Stacks: [stack] = [] } = await this.client.send(
      new DescribeStacksCommand({ StackName: this.name }),
    );
    await this.client.send(new DeleteStackCommand({ StackName: this.name }));
    await this.settled('DELETE_COMPLETE', stack?.StackId);
  }

  private async settled(wanted: string, name: string = this.name): Promise<void> {
    for (;;) {
      const { Stacks: [stack] = [] } = await this.client.send(new DescribeStacksCommand({ StackName: name }));
      const status = stack?.StackStatus ?? '';
      if (status === wanted) return;
      if (!status.endsWith('_IN_PROGRESS')) throw new Error(`the stack is ${status}, not ${wanted}`);
      await pause(50);
    }
  }

  private async putImage(): Promise<string> {
    const ecr = new ECRClient(this.cloud.clientOptions);
    const { repository } = configuration.image;
    await ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
    const { image } = await ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageTag: 'latest',
        imageManifest: JSON.stringify({ schemaVersion: 2, annotations: { guide: 'the earlier one' } }),
      }),
    );
    const digest = image?.imageId?.imageDigest ?? '';
    const folder = this.cloud.home.path('images', digest.replace('sha256:', ''));
    contextOf(exampleBackend).stage(join(folder, 'context'));
    const described = { digest, tag: 'latest', command: ['kairos.main.handler'] };
    writeFileSync(join(folder, 'image.json'), JSON.stringify(described));
    const { accountId, region } = configuration;
    return `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository}@${digest}`;
  }
}
