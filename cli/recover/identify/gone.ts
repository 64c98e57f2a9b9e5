const words = [
  'NotFoundException',
  'ResourceNotFoundException',
  'NoSuchEntityException',
  'ParameterNotFound',
];

/** @returns a response of AWS; undefined if the requested resource does not exist. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && words.includes(error.name)) return undefined;
    throw error;
  }
}

/** @returns a response of AWS; undefined if only others may read the requested resource. */
export async function ifShown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
    throw error;
  }
}
