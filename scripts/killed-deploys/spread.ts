/** @returns numbers of calls, spread over all of them. */
export function spread(calls: number, points: number): readonly number[] {
  return Array.from({ length: points }, (_, at) => Math.round(((at + 0.5) * calls) / points));
}
