import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { registryHost } from '../aws/ecr';
import { imageStackName } from '../config/names';
import { BackendImage } from '../constructs/image/backend-image';
import type { BuildContext } from '../images/build-context';
import { imageLabels } from '../images/labels';
import { KairosStack, type KairosStackProps } from './kairos-stack';

export interface ImageStackProps extends Omit<KairosStackProps, 'stateOwner'> {
  /** The name of the repository in the registry. */
  readonly imageRepository: string;
  /** What the image is built from. */
  readonly context: BuildContext;
  /** The folder that build contexts are staged in, each below its tag. */
  readonly stagingFolder: string;
  /** The commit of the backend's source. @default - the image does not say */
  readonly revision?: string;
  /** The address of the registry; `http://` before it for one without TLS. @default - the account's ECR */
  readonly registry?: string;
}

/** The build of the backend's image and its push: the only stack that needs a Docker daemon. */
export class ImageStack extends KairosStack {
  constructor(scope: Construct, props: ImageStackProps) {
    super(scope, imageStackName, { ...props, stateOwner: 'shared' });
    const registry = props.registry ?? registryHost(props.accountId, props.region);
    // No password here, and none from a data source: it would lie in every plan and in the state.
    new DockerProvider(this, 'docker', { registryAuth: [{ address: registry }] });
    const { digest } = this.createImage(
      `${registry.replace(/^https?:\/\//, '')}/${props.imageRepository}`,
      props,
    );
    new TerraformOutput(this, 'image_tag', { staticId: true, value: props.context.tag });
    new TerraformOutput(this, 'image_digest', { staticId: true, value: digest });
  }

  private createImage(
    repository: string,
    { context, stagingFolder, revision }: ImageStackProps,
  ): BackendImage {
    const contextFolder = join(stagingFolder, context.tag);
    if (!existsSync(contextFolder)) {
      context.stage(contextFolder);
    }
    return new BackendImage(this, 'Image', {
      repository,
      tag: context.tag,
      contextFolder,
      dockerfile: context.dockerfile,
      platform: context.platform,
      buildArguments: context.buildArguments,
      labels: imageLabels(context.version, revision),
    });
  }
}
