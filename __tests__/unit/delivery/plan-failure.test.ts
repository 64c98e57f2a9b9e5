import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { commentOn } from '../../../cli/pipeline/comment';
import { reasonsIn } from '../../../cli/pipeline/failure';
import { readStackPlan, writtenPlan } from '../../../cli/pipeline/stack-plan';

/** The output of the real `cdktf plan` for a failed plan. Every value in it begins with `hidden-`. */
function printed(name: string): string {
  return stripVTControlCharacters(readFileSync(join(__dirname, 'failures', `${name}.txt`), 'utf8'));
}

const notReleased =
  'nothing was released to dev yet, so there is no image to run; type: npx kairos release dev';
const ownWords = [
  notReleased,
  'edge.rotation is 3 and ${local.secret} is deployed; a step of more than one replaces both secrets at once and locks CloudFront out: raise it by one, deploy, and raise it again',
  'a condition that holds',
];

describe('the reason of a failed plan', () => {
  it.each(['precondition', 'precondition-boxed'])(
    'is the message of the stack, for each condition (%s)',
    (name) => {
      expect(reasonsIn(printed(name), 'kairos-dev', ownWords)).toEqual([
        `terraform_data.Image: Resource precondition failed: ${notReleased}`,
        'terraform_data.Rotation: Resource precondition failed: edge.rotation is 3 and … is deployed; a step of more than one replaces both secrets at once and locks CloudFront out: raise it by one, deploy, and raise it again',
      ]);
    },
  );

  it.each(['invalid-value', 'invalid-value-boxed'])('does not contain the value (%s)', (name) => {
    expect(reasonsIn(printed(name), 'kairos-dev', ownWords)).toEqual([
      'terraform_data.Value: Invalid function argument',
    ]);
  });

  it.each(['denied', 'denied-boxed'])('contains the denied action (%s)', (name) => {
    expect([...reasonsIn(printed(name), 'kairos-dev', ownWords)].sort()).toEqual([
      'data.aws_iam_role.Role: reading IAM Role: iam:GetRole is denied',
      'data.aws_kms_alias.Key: reading KMS Alias: kms:ListAliases is denied',
      'data.aws_ssm_parameter.Digest: reading SSM Parameter: ssm:GetParameter is denied',
    ]);
  });

  it('is reported once, in either format of cdktf', () => {
    const lines = printed('invalid-value').split('\n');
    const second = lines.findIndex((line) => line.startsWith('kairos-dev  Error: '));
    const [asLog, besideTheName] = [lines.slice(0, second), lines.slice(second)];
    for (const form of [asLog, besideTheName]) {
      expect(reasonsIn(form.join('\n'), 'kairos-dev', [])).toEqual([
        'terraform_data.Value: Invalid function argument',
      ]);
    }
  });

  it('contains neither a warning nor a word "Error" of the plan itself', () => {
    const plan = [
      'kairos-dev    + name = "Error: hidden-name"',
      'Warning: Deprecated',
      '  with aws_sns_topic.Other,',
      '',
      'Error: Missing required argument',
      '',
      '  with aws_sns_topic.One,',
    ];
    expect(reasonsIn(plan.join('\n'), 'kairos-dev', [])).toEqual([
      'aws_sns_topic.One: Missing required argument',
    ]);
  });

  it.each([
    ['cdktf prints', ['Error: Invalid index', 'kairos-dev  something else']],
    ['Terraform prints', ['╷', '│ Error: Invalid index', '╵']],
  ])('contains nothing of %s after an error', (_, lines) => {
    const output = [...lines, '  with aws_sns_topic.One,'].join('\n');
    expect(reasonsIn(output, 'kairos-dev', [])).toEqual(['Invalid index']);
  });

  it('is not a message of the stack that is only in the quoted source', () => {
    const lines = [
      'Error: Invalid index',
      '',
      `   9: "error_message": "${notReleased}"`,
      '',
      'there is none',
    ];
    expect(reasonsIn(lines.join('\n'), 'kairos-dev', ownWords)).toEqual(['Invalid index']);
  });

  it('is empty if there is no error', () => {
    expect(reasonsIn('kairos-dev  No changes.', 'kairos-dev', ownWords)).toEqual([]);
  });

  it.each([
    [
      'expected memory_size to be in the range (128 - 10240), got 5',
      'expected memory_size to be in the range',
    ],
    ['creating Lambda Function (hidden-name): it failed', 'creating Lambda Function'],
    ['reading S3 Object: hidden-key', 'reading S3 Object'],
    ['invalid value: hidden', 'invalid value'],
    ['"hidden-name" cannot be longer than 64 characters', ''],
  ])('keeps the part of the title "%s" without values', (title, left) => {
    expect(reasonsIn(`Error: ${title}\n\n  with aws_x.Y,`, 'kairos-dev', [])).toEqual([
      ['aws_x.Y', left].filter((part) => part !== '').join(': '),
    ]);
  });

  const value = fc.stringMatching(/^hidden-[a-zA-Z0-9 :"]{0,20}$/);

  it('contains no value, wherever Terraform and AWS put it', () => {
    fc.assert(
      fc.property(value, value, value, fc.boolean(), (one, two, three, isBoxed) => {
        const lines = [
          `Error: creating SSM Parameter (${one}): operation error SSM: PutParameter, https response error StatusCode: 400, RequestID: ${two}, api error ValidationException: ${three}`,
          '',
          '  with aws_ssm_parameter.One,',
          '  on cdk.tf.json line 9, in resource.aws_ssm_parameter.One:',
          `   9: "value": "${one}"`,
          '    ├────────────────',
          `    │ local.secret is "${two}"`,
          '',
          `it is ${three}, and that is`,
          `too ${one} for it`,
        ];
        const output = isBoxed ? ['╷', ...lines.map((line) => `│ ${line}`), '╵'] : lines;
        const [reason, ...more] = reasonsIn(output.join('\n'), 'kairos-dev', [
          'it is ${var.x}, and that is too ${var.y} for it',
        ]);
        expect(more).toEqual([]);
        expect(reason).toBe(
          'aws_ssm_parameter.One: creating SSM Parameter: SSM PutParameter answered ValidationException: it is … for it',
        );
      }),
    );
  });
});

describe('a failed plan', () => {
  const failed = {
    format: 1 as const,
    stack: 'kairos-dev',
    commit: 'c',
    reasons: reasonsIn(printed('precondition'), 'kairos-dev', ownWords),
  };

  it('is explained in the comment, without values', () => {
    const text = commentOn([failed]);
    expect(text).toContain(`No plan of dev:`);
    expect(text).toContain(notReleased);
    expect(text).not.toContain('hidden-');
    expect(text).not.toContain("the job's log says why");
  });

  it('is explained after it was stored and read', () => {
    expect(readStackPlan(writtenPlan(failed), 'a file')).toEqual(failed);
  });

  it('links to the log of a job that ended before the reason was known', () => {
    expect(commentOn([{ ...failed, reasons: undefined }])).toContain(
      "No plan of dev: the job's log says why.",
    );
  });

  it('counts the reasons that do not fit', () => {
    const reasons = Array.from({ length: 100 }, (_, index) => `aws_sns_topic.Topic${index}: denied`);
    const text = commentOn([{ ...failed, reasons }], { limit: 1_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/> and \d+ more<br>/);
  });
});
