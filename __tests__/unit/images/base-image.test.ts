import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configuration } from '../../../config/environments';

const dockerfile = readFileSync(resolve(__dirname, '../../../images/backend/Dockerfile'), 'utf8');

describe('the base image', () => {
  it('is the same for a deployment and for docker build', () => {
    expect(/^ARG BASE_IMAGE=(.+)$/m.exec(dockerfile)?.[1]).toBe(configuration.image.baseImage);
  });

  it('is pinned, by a tag with a date or by its digest', () => {
    expect(configuration.image.baseImage).toMatch(/:3\.\d+\.\d{4}(\.\d\d){3}(@|$)|@sha256:[0-9a-f]{64}$/);
  });

  it.each(['# syntax', '<<', '--link', '--network'])(
    'is used without %s, which Docker 20.10 does not support',
    (word) => {
      expect(dockerfile.split('\n').filter((line) => !line.startsWith('# Only'))).not.toContainEqual(
        expect.stringContaining(word),
      );
    },
  );
});
