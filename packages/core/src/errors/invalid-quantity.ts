import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** A text that Kubernetes would not take as a quantity, or that exceeds what can be represented exactly. */
export class InvalidQuantity extends CloudOptimError {
  readonly value: string;

  constructor(value: string, why: string) {
    super(
      'invalid-quantity',
      `${JSON.stringify(value.slice(0, 80))} is not a Kubernetes quantity: ${why}. Write it like 250m, 1.5, 2Gi or 1e3.`,
    );
    this.value = value;
  }

  static override isInstance(value: unknown): value is InvalidQuantity {
    return hasCode(value, 'invalid-quantity');
  }
}
