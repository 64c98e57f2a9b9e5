/** @returns numbers of calls, evenly distributed. */
export function spread(calls: number, points: number): readonly number[] {
  return Array.from({ length: points }, (_, at) => Math.round(((at + 0.5) * calls) / points));
}
