/**
 * Network interfaces × IPv4 addresses on each, by vCPU: a step holds from its vCPU on. The families follow a handful of
 * ladders; a size that leaves its ladder says so in its family line.
 * Source: Karpenter's vpclimits table (see NOTICE), which is DescribeInstanceTypes NetworkInfo.
 */
export const interfaceLadders = `
classic 1:2x4 2:3x10 4:4x15 16:8x30 64:15x50
dense 2:3x10 4:4x15 12:8x30 48:15x50
wide 2:3x20 4:4x30 16:8x50 32:10x50 48:12x50 64:16x64 128:24x64
wide-amd 1:2x4 2:3x20 4:4x20 8:4x40 16:8x40 32:10x40 48:12x64 64:16x64 192:24x64
wide-aws 1:2x20 2:3x20 4:4x30 16:8x50 32:10x50 48:12x50 64:16x64 96:24x64
wide-net 2:4x20 4:4x30 16:8x50 48:12x50 64:16x64 192:24x64
aws-net 1:2x4 2:3x10 4:4x15 16:8x30 32:10x30 48:12x30 64:16x50 96:24x50
g7 8:4x64 16:8x64 32:10x64 48:12x64 96:24x64
g7e 8:4x64 16:8x64 48:10x64 96:20x64 192:40x64
`;
