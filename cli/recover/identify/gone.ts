const words = [
  'NotFoundException',
  'ResourceNotFoundException',
  'NoSuchEntityException',
  'ParameterNotFound',
];

/** @returns an answer of AWS, or nothing when what was asked about is not there. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && words.includes(error.name)) return undefined;
    throw error;
  }
}
