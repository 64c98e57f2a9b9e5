import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type Stack,
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
  private id = '';

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
    const { StackId = '' } = await this.client.send(
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
    this.id = StackId;
    await this.settled('CREATE_COMPLETE');
  }

  /** @returns the address of its API, as CloudFormation reports it. */
  async endpoint(): Promise<string> {
    const stack = await this.read();
    return stack?.Outputs?.[0]?.OutputValue ?? '';
  }

  /**
   * Writes the template. @param retained the resources that outlive the stack.
   * @returns the arguments of the AWS CLI that deploy it, with the values that are already set.
   */
  deployment(folder: string, retained: readonly string[]): readonly string[] {
    const lines = template.split('\n').flatMap((line) => {
      const isRetained = retained.some((name) => line === `  ${name}:`);
      return isRetained ? [line, '    DeletionPolicy: Retain', '    Metadata: { TakenOver: true }'] : [line];
    });
    const file = join(folder, 'template.yaml');
    writeFileSync(file, lines.join('\n'));
    const given = ['--stack-name', this.name, '--template-file', file, '--capabilities', 'CAPABILITY_IAM'];
    return ['cloudformation', 'deploy', ...given, '--no-fail-on-empty-changeset'];
  }

  /** Waits until CloudFormation is done. @throws if the stack then has another status. */
  async settled(wanted: string): Promise<void> {
    for (;;) {
      const status = (await this.read())?.StackStatus ?? '';
      if (status === wanted) break;
      if (!status.endsWith('_IN_PROGRESS')) throw new Error(`the stack is ${status}, not ${wanted}`);
      await pause(50);
    }
    // The AWS CLI names a change set by the second, and another one of this second would be refused.
    const second = Math.floor(Date.now() / 1000);
    while (Math.floor(Date.now() / 1000) === second) await pause(50);
  }

  /** By its id, because its name is unknown once it is deleted. */
  private async read(): Promise<Stack | undefined> {
    const { Stacks: [stack] = [] } = await this.client.send(
      new DescribeStacksCommand({ StackName: this.id }),
    );
    return stack;
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
