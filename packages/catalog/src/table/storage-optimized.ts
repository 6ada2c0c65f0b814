/** Storage optimized families (d, h, i, im, is). One family a line; `family-line.ts` explains the words. */
export const storageOptimized = `
d2 intel xen xlarge..8xlarge gib/vcpu=7.625 eni=classic usd/vcpu=0.1725 8xlarge:cpu=36,gib=244,net=10000,usd=5.52
d3 intel xlarge..8xlarge gib/vcpu=8 net=d3 nvme=d3 xlarge:eni=4x3,usd=0.499 2xlarge:eni=4x5,usd=0.999
  4xlarge:eni=4x10,usd=1.998 8xlarge:eni=3x20,usd=3.99552
d3en intel xlarge..4xlarge 6xlarge 8xlarge 12xlarge gib/vcpu=4 net=d3en nvme=d3en xlarge:eni=4x3,usd=0.526
  2xlarge:eni=4x5,usd=1.051 4xlarge:eni=4x10,usd=2.103 6xlarge:eni=4x15,usd=3.154 8xlarge:eni=4x20,usd=4.20576
  12xlarge:eni=3x30,usd=6.30864
h1 intel xen 2xlarge..8xlarge 16xlarge gib/vcpu=4 eni=classic net=i3 usd/vcpu=0.0585 16xlarge:eni=8x50
i2 intel xen xlarge..8xlarge gib/vcpu=7.625 eni=classic usd/vcpu=0.213125 xlarge:usd=0.853 8xlarge:net=10000
i3 intel xen large..8xlarge 16xlarge gib/vcpu=7.625 eni=classic net=i3 nvme=i3 usd/vcpu=0.078
i3en intel large..2xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal gib/vcpu=8 eni=classic net=i3en nvme=i3en
  usd/vcpu=0.113
i4g aws large..8xlarge 16xlarge gib/vcpu=8 eni=classic net=i4g nvme=i4i usd/vcpu=0.07722
i4i intel large..32xlarge metal gib/vcpu=8 eni=classic net=i4g nvme=i4i large:usd=0.172 xlarge:usd=0.343
  2xlarge:usd=0.686 4xlarge:usd=1.373 8xlarge:usd=2.746 12xlarge:usd=4.118 16xlarge:usd=5.491
  24xlarge:eni=15x30,usd=8.2368 32xlarge:usd=10.9824 metal:usd=10.982
i7i intel large..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=classic net=i7i nvme=i4i ebs=dedicated
  usd/vcpu=0.09438 dp=4 metal-24xl:usd=9.6204 metal-48xl:usd=19.2408
i7ie intel large..2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8
  eni=classic net=i7ie nvme=i3en ebs=dedicated usd/vcpu=0.12995 12xlarge:eni=8x50 metal-24xl:usd=13.2844
  metal-48xl:usd=26.5687
i8g aws large..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=classic net=i8g nvme=i4i ebs=dedicated
  usd/vcpu=0.0858 metal-24xl:usd=x1.1 metal-48xl:net=90000,ebs=?,usd=x1.1
i8ge aws large..2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8
  eni=aws-net net=i8ge nvme=i3en ebs=dedicated usd/vcpu=0.11865 3xlarge:eni=6x30 6xlarge:eni=10x30
  24xlarge:eni=16x50 metal-24xl:eni=16x50,usd=12.1313 metal-48xl:usd=24.2626
im4gn aws large..8xlarge 16xlarge gib/vcpu=4 eni=classic net=c6in nvme=im4gn usd/vcpu=0.090948 dp=5
is4gen aws medium..8xlarge gib/vcpu=6 eni=classic net=c6in nvme=is4gen usd/vcpu=0.144075 dp=5
`;
