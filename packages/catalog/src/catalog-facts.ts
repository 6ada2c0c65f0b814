/** Where the catalogue is from and how old it is. Every price that it gives repeats `asOf`. */
export const catalogFacts = Object.freeze({
  /** Day of the prices, and of the list of types. */
  asOf: '2026-07-20',
  /** The one region with prices. */
  region: 'us-east-1',
  operatingSystem: 'linux',
  currency: 'USD',
  source:
    'AWS on-demand list prices, VPC limits and bandwidths as tabulated by Karpenter Provider for AWS (Apache-2.0); vCPU and memory as of the EC2 API',
} as const);
