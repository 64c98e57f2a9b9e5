import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface ImageRepositoryProps {
  /** The repository's name. */
  readonly name: string;
  /** The account whose functions may pull, 12 digits. */
  readonly accountId: string;
  /** The region of those functions. */
  readonly region: string;
  /** What the names of those functions begin with. */
  readonly functionNamePrefix: string;
}

/**
 * More than a repository can hold, so that the rule never expires anything: a full repository refuses the
 * push first. https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
const moreThanARepositoryHolds = 100_000;

/** How long an image that a pull request built is kept, in days. */
const pullRequestDays = 14;

/** The one repository of the backend's images: a tag is the hash of what went in, and never moves. */
export class ImageRepository extends Construct {
  readonly repository: EcrRepository;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    this.repository = new EcrRepository(this, 'Default', {
      name: props.name,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: 'AES256' }],
      forceDelete: false,
      lifecycle: { preventDestroy: true },
    });
    this.createLifecyclePolicy();
    this.createRepositoryPolicy(props);
  }

  /**
   * An image that a rule matches is out of reach of every later rule, so the first one shields whatever was
   * tagged by its content, which is all that an environment can run or roll back to. No rule touches untagged
   * images: a function may be pinned to such a digest.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
   */
  private createLifecyclePolicy(): void {
    new EcrLifecyclePolicy(this, 'Lifecycle', {
      repository: this.repository.name,
      policy: Fn.jsonencode({
        rules: [
          {
            rulePriority: 1,
            description: 'Keep every image that an environment can run',
            selection: {
              tagStatus: 'tagged',
              tagPrefixList: ['src-'],
              countType: 'imageCountMoreThan',
              countNumber: moreThanARepositoryHolds,
            },
            action: { type: 'expire' },
          },
          {
            rulePriority: 2,
            description: `Drop what a pull request built after ${pullRequestDays} days`,
            selection: {
              tagStatus: 'tagged',
              tagPrefixList: ['pr-'],
              countType: 'sinceImagePushed',
              countUnit: 'days',
              countNumber: pullRequestDays,
            },
            action: { type: 'expire' },
          },
        ],
      }),
    });
  }

  private createRepositoryPolicy(props: ImageRepositoryProps): void {
    const document = new DataAwsIamPolicyDocument(this, 'PullDocument', {
      statement: [
        {
          sid: 'FunctionsOfThisAccountPull',
          principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
          actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          condition: [
            {
              // It carries the account. Whether Lambda sends `aws:SourceAccount` too when it pulls is documented nowhere.
              test: 'ArnLike',
              variable: 'aws:SourceArn',
              values: [
                `arn:aws:lambda:${props.region}:${props.accountId}:function:${props.functionNamePrefix}*`,
              ],
            },
          ],
        },
      ],
    });
    new EcrRepositoryPolicy(this, 'Policy', {
      repository: this.repository.name,
      policy: document.json,
    });
  }
}
