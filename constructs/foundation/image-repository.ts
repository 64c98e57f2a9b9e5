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
  /** The account whose functions may pull, 12 digits. */
  readonly accountId: string;
  /** Functions of other accounts that may pull too. @default - none may */
  readonly pullers?: readonly Puller[];
  /** The region of those functions. */
  readonly region: string;
  /** What the names of those functions begin with. */
  readonly functionNamePrefix: string;
  /** How many images with a content tag are kept, the newest. */
  readonly keptImages: number;
}

/** A function of another account, which runs the images of this one. */
export interface Puller {
  /** Its account, 12 digits. */
  readonly accountId: string;
  /** Its name. */
  readonly functionName: string;
}

/** How many untagged images are kept: what is left of a push that was cut off, and parts of an index. */
const untaggedImages = 20;

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
    this.createLifecyclePolicy(props.keptImages);
    this.createRepositoryPolicy(props);
  }

  /**
   * By count and not by age, since an old image may be the one that runs; docs/decisions/0008 says what follows.
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
          {
            rulePriority: 3,
            description: `Keep the newest ${untaggedImages} images without a tag, none of which is ever released`,
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
              // It carries the account. Whether Lambda sends `aws:SourceAccount` too when it pulls is documented nowhere.
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
 * @returns what Lambda asks of the repository when a function of another account is made of one of its images: that the
 * function may pull it, and that whoever makes the function may. Terraform and `kairos` look at images besides.
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
          // Whether Lambda names the version that it pulls for is documented nowhere.
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
