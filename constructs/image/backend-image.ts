import { Image } from '@cdktf/provider-docker/lib/image';
import { RegistryImage } from '@cdktf/provider-docker/lib/registry-image';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';

export interface BackendImageProps {
  /** The repository that the image is pushed to, without scheme and tag: `<registry>/kairos`. */
  readonly repository: string;
  /** The tag, which is a hash of all sources of the image. */
  readonly tag: string;
  /** The folder that contains all sources of the image, and nothing else. */
  readonly contextFolder: string;
  /** The path of the Dockerfile in that folder. */
  readonly dockerfile: string;
  /** The platform that the image is built for, such as `linux/arm64`. */
  readonly platform: string;
  /** The build arguments, by name. */
  readonly buildArguments: Readonly<Record<string, string>>;
  /** The labels of the image, by name. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * An image that the Docker daemon builds and pushes to a registry, once for each content tag. The provider reads the
 * credentials itself, from `DOCKER_REGISTRY_USER` and `DOCKER_REGISTRY_PASS`.
 */
export class BackendImage extends Construct {
  /** The digest that the registry returned. */
  readonly digest: string;

  constructor(scope: Construct, id: string, props: BackendImageProps) {
    super(scope, id);
    const image = this.createImage(props);
    this.digest = this.createRegistryImage(props, image).sha256Digest;
  }

  private createImage(props: BackendImageProps): Image {
    const context = new TerraformAsset(this, 'Context', {
      path: props.contextFolder,
      type: AssetType.DIRECTORY,
      assetHash: props.tag,
    });
    return new Image(this, 'Default', {
      name: nameOf(props),
      platform: props.platform,
      triggers: { content: props.tag },
      keepLocally: true,
      // If a builder is named, a daemon with the containerd store adds an attestation and pushes an index, which Lambda
      // refuses: https://github.com/kreuzwerker/terraform-provider-docker/issues/826
      buildAttribute: {
        context: context.path,
        dockerfile: props.dockerfile,
        platform: props.platform,
        buildArgs: { ...props.buildArguments },
        labels: { ...props.labels },
      },
      // Each build argument would otherwise trigger a replacement of the image, and so would the revision in the
      // labels.
      lifecycle: { ignoreChanges: ['build'] },
    });
  }

  private createRegistryImage(props: BackendImageProps, image: Image): RegistryImage {
    return new RegistryImage(this, 'Pushed', {
      name: nameOf(props),
      // Not the image's id. It is unknown where the daemon has not built the image yet, so every new machine would push
      // again: https://github.com/kreuzwerker/terraform-provider-docker/issues/571
      triggers: { content: props.tag },
      // Otherwise a new tag deletes the image that functions run and that a rollback needs.
      keepRemotely: true,
      dependsOn: [image],
    });
  }
}

function nameOf({ repository, tag }: BackendImageProps): string {
  return `${repository}:${tag}`;
}
