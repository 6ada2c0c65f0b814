/** What the kubelet keeps for itself and the container runtime. */
export interface KubeReserved {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** Tenths of a thousandth of each core: 6 % of the first, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest. */
const cpuBands = [
  { cores: 1, perTenThousand: 600 },
  { cores: 1, perTenThousand: 100 },
  { cores: 2, perTenThousand: 50 },
  { cores: Number.POSITIVE_INFINITY, perTenThousand: 25 },
];

/**
 * What the EKS AMIs reserve (amazon-eks-ami nodeadm, Bottlerocket, and Karpenter's forecast of both): CPU by bands, rounded
 * down to a millicore a band; memory 255 MiB + 11 MiB a pod; 1 GiB of disk.
 */
export function kubeReserved({ vcpu, pods }: { readonly vcpu: number; readonly pods: number }): KubeReserved {
  let cores = vcpu;
  let cpuMillicores = 0;
  for (const band of cpuBands) {
    const inBand = Math.min(cores, band.cores);
    cpuMillicores += Math.floor((inBand * 1_000 * band.perTenThousand) / 10_000);
    cores -= inBand;
  }
  return { cpuMillicores, memoryBytes: (255 + 11 * pods) * mebibyte, ephemeralStorageBytes: gibibyte };
}
