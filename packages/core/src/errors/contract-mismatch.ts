import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** Engine and host speak different versions of the contract. */
export class ContractMismatch extends CloudOptimError {
  constructor(who: string, found: unknown) {
    super(
      'contract-mismatch',
      `${who} speaks contract version ${JSON.stringify(found)}, this host speaks "v1". Install matching versions.`,
    );
  }

  static override isInstance(value: unknown): value is ContractMismatch {
    return hasCode(value, 'contract-mismatch');
  }
}
