/** Something the user can put right. The message is one sentence or two: who, what, value, remedy. Exit code 2. */
export class UserError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UserError';
  }
}
