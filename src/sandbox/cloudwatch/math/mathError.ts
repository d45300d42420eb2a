/** What is wrong with an expression; GetMetricData answers it as a ValidationError with the Id. */
export class MathError extends Error {
  override readonly name = 'MathError';
}
