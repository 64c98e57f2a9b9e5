import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface ImageRepositoryProps {
  /** The repository's name. */
  readonly name: string;
  /** The account whose functions may pull images, 12 digits. */
  readonly accountId: string;
  /** Functions of other accounts that may pull images too. @default - none */
  readonly pullers?: readonly Puller[];
  /** The region of those functions. */
  readonly region: string;
  /** The prefix of the names of those functions. */
  readonly functionNamePrefix: string;
  /** How many images with a content tag are kept. The newest are kept. */
  readonly keptImages: number;
}

/** A function of another account that runs images of this account. */
export interface Puller {
  /** Its account, 12 digits. */
  readonly accountId: string;
  /** Its name. */
  readonly functionName: string;
}

/** How many untagged images are kept: remains of interrupted pushes, and parts of an index. */
const untaggedImages = 20;

/** How long an image of a pull request is kept, in days. */
const pullRequestDays = 14;

/** The repository of the backend's images. A tag is the hash of the image's sources, and is immutable. */
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
    this.createLifecyclePolicy(props.keptImages);
    this.createRepositoryPolicy(props);
  }

  /**
   * By count and not by age, because an old image may be the running one. docs/decisions/0008 describes the
   * consequences.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
   */
  private createLifecyclePolicy(keptImages: number): void {
    new EcrLifecyclePolicy(this, 'Lifecycle', {
      repository: this.repository.name,
      policy: Fn.jsonencode({
        rules: [
          {
            rulePriority: 1,
            description: `Keep the newest ${keptImages} images that an environment can run`,
            selection: {
              tagStatus: 'tagged',
              tagPrefixList: ['src-'],
              countType: 'imageCountMoreThan',
              countNumber: keptImages,
            },
            action: { type: 'expire' },
          },
          {
            rulePriority: 2,
            description: `Delete images of pull requests after ${pullRequestDays} days`,
            selection: {
              tagStatus: 'tagged',
              tagPrefixList: ['pr-'],
              countType: 'sinceImagePushed',
              countUnit: 'days',
              countNumber: pullRequestDays,
            },
            action: { type: 'expire' },
          },
          {
            rulePriority: 3,
            description: `Keep the newest ${untaggedImages} untagged images, which are never released`,
            selection: {
              tagStatus: 'untagged',
              countType: 'imageCountMoreThan',
              countNumber: untaggedImages,
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
              // The ARN contains the account. It is not documented whether Lambda also sends `aws:SourceAccount` when
              // it pulls.
              test: 'ArnLike',
              variable: 'aws:SourceArn',
              values: [
                `arn:aws:lambda:${props.region}:${props.accountId}:function:${props.functionNamePrefix}*`,
              ],
            },
          ],
        },
        ...(props.pullers ?? []).flatMap((puller) => pulledFromElsewhere(props.region, puller)),
      ],
    });
    new EcrRepositoryPolicy(this, 'Policy', {
      repository: this.repository.name,
      policy: document.json,
    });
  }
}

/**
 * @returns the permissions that a function of another account needs for its image: the function may pull it, and so may
 * the principal that creates the function. Terraform and `kairos` also read the images.
 * https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
 */
function pulledFromElsewhere(
  region: string,
  { accountId, functionName }: Puller,
): readonly DataAwsIamPolicyDocumentStatement[] {
  const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
  return [
    {
      sid: `FunctionOf${accountId}Pulls`,
      principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
      actions: pull,
      condition: [
        {
          test: 'ArnLike',
          variable: 'aws:SourceArn',
          // It is not documented whether Lambda names the version for which it pulls.
          values: [arn, `${arn}:*`],
        },
      ],
    },
    {
      sid: `RolesOf${accountId}Deploy`,
      principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${accountId}:root`] }],
      actions: [...pull, 'ecr:DescribeImages', 'ecr:DescribeImageScanFindings', 'ecr:DescribeRepositories'],
    },
  ];
}
