import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { policyOf } from './reading';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html */
export const imageRepository = policyOf('image-repository', EcrRepository, (repository) => [
  repository.imageTagMutabilityInput === 'IMMUTABLE'
    ? undefined
    : 'a tag of the repository can be moved to another image after it was tested; set imageTagMutability IMMUTABLE',
  repository.imageScanningConfigurationInput?.scanOnPush === true
    ? undefined
    : 'images in the repository are not scanned; set imageScanningConfiguration.scanOnPush',
]);
