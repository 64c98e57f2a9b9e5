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

/** @returns an answer of AWS, or nothing when it is about something that is shown to others only. */
export async function ifShown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
    throw error;
  }
}
