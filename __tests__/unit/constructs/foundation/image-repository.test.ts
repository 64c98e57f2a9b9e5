import { z } from 'zod';
import { ImageRepository } from '../../../../constructs/foundation/image-repository';
import { Template } from '../../../support/template';

const template = Template.from((scope) => {
  new ImageRepository(scope, 'Images', {
    name: 'kairos',
    accountId: '111122223333',
    region: 'eu-west-2',
    functionNamePrefix: 'kairos-',
    keptImages: 700,
  });
});

describe('the image repository', () => {
  it('has immutable tags, scans pushed images, and cannot be emptied or destroyed', () => {
    expect(template.resource('aws_ecr_repository')).toMatchObject({
      name: 'kairos',
      image_tag_mutability: 'IMMUTABLE',
      image_scanning_configuration: { scan_on_push: true },
      force_delete: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  it('lets only functions of this account pull', () => {
    expect(template.policyStatements()).toEqual([
      expect.objectContaining({
        principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        condition: [
          {
            test: 'ArnLike',
            variable: 'aws:SourceArn',
            values: ['arn:aws:lambda:eu-west-2:111122223333:function:kairos-*'],
          },
        ],
      }),
    ]);
  });

  describe('its lifecycle', () => {
    const rule = z.object({
      rulePriority: z.number(),
      selection: z.object({
        tagStatus: z.string(),
        tagPrefixList: z.array(z.string()).optional(),
        countType: z.string(),
        countNumber: z.number(),
      }),
    });
    // cdktf writes a Terraform expression, whose objects have another sign after a key than JSON.
    const expression = z.string().parse(template.resource('aws_ecr_lifecycle_policy').policy);
    const json = expression.replace(/^\$\{jsonencode\((.*)\)\}$/, '$1').replace(/"(\w+)" = /g, '"$1":');
    const { rules } = z.object({ rules: z.array(rule) }).parse(JSON.parse(json));

    const selectionOf = (matches: (selection: z.infer<typeof rule>['selection']) => boolean) =>
      rules.map(({ selection }) => selection).filter(matches);

    it('keeps the given number of images with a content tag, whatever their age', () => {
      expect(selectionOf(({ tagPrefixList }) => tagPrefixList?.includes('src-') === true)).toEqual([
        { tagStatus: 'tagged', tagPrefixList: ['src-'], countType: 'imageCountMoreThan', countNumber: 700 },
      ]);
    });

    it('expires untagged images by their number', () => {
      expect(selectionOf(({ tagStatus }) => tagStatus === 'untagged')).toEqual([
        { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 20 },
      ]);
    });

    it('has no rule for all images together', () => {
      expect(selectionOf(({ tagStatus }) => tagStatus === 'any')).toEqual([]);
    });
  });
});
