import { acceptedConfig, refuseOtherPlatform } from '../../../images/manifest-check';

const docker = 'application/vnd.docker.distribution.manifest.v2+json';
const oci = 'application/vnd.oci.image.manifest.v1+json';
const gzip = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

function pushed(mediaType: string, layer = gzip) {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: 'sha256:c0' },
    layers: [{ mediaType: layer }],
  });
  return { image: 'kairos:src-1', mediaType, manifest };
}

describe('the check of a pushed manifest', () => {
  it.each([docker, oci])('accepts %s and gives its configuration', (mediaType) => {
    expect(acceptedConfig(pushed(mediaType))).toBe('sha256:c0');
  });

  it.each([
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
  ])('refuses the index %s with the reason and the way out', (mediaType) => {
    expect(() => acceptedConfig(pushed(mediaType))).toThrow(
      /kairos:src-1 is an index.*Lambda takes a single one.*BUILDX_NO_DEFAULT_ATTESTATIONS=1.*delete this one/,
    );
  });

  it('refuses what Lambda does not know', () => {
    expect(() => acceptedConfig(pushed('application/vnd.docker.distribution.manifest.v1+json'))).toThrow(
      /manifest of type .*v1\+json.*right would be/,
    );
  });

  it('refuses a layer that Lambda cannot unpack', () => {
    const zstd = 'application/vnd.oci.image.layer.v1.tar+zstd';
    expect(() => acceptedConfig(pushed(oci, zstd))).toThrow(/layer of type .*zstd/);
  });

  const config = JSON.stringify({ os: 'linux', architecture: 'arm64' });

  it('accepts the platform of the function', () => {
    expect(() => {
      refuseOtherPlatform('kairos:src-1', config, 'linux/arm64');
    }).not.toThrow();
  });

  it('refuses another platform, naming both', () => {
    expect(() => {
      refuseOtherPlatform('kairos:src-1', config, 'linux/amd64');
    }).toThrow(/kairos:src-1 is for linux\/arm64, and the function runs on linux\/amd64/);
  });
});
