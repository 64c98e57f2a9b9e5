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
  /** The sources of the image. */
  readonly context: BuildContext;
  /** The folder for staged build contexts, each in a folder named after its tag. */
  readonly stagingFolder: string;
  /** The commit of the backend's source. @default - the image has no such label */
  readonly revision?: string;
  /** The host of the registry, with `http://` for one without TLS. @default - the account's ECR */
  readonly registry?: string;
}

/** The build and the push of the backend's image: the only stack that needs a Docker daemon. */
export class ImageStack extends KairosStack {
  constructor(scope: Construct, props: ImageStackProps) {
    super(scope, imageStackName, { ...props, stateOwner: 'shared' });
    const registry = props.registry ?? registryHost(props.accountId, props.region);
    // The password is not an argument and does not come from a data source. Otherwise every plan and the state would
    // contain it.
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
