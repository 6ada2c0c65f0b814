/** Compute optimized families (c, hpc). One family a line; `family-line.ts` explains the words. */
export const computeOptimized = `
c1 intel xen medium xlarge eni=classic usd/vcpu=0.065 medium:cpu=2,gib=1.7,eni=2x6 xlarge:cpu=8,gib=7
c3 intel xen large..8xlarge gib/vcpu=1.875 eni=classic usd/vcpu=0.0525 8xlarge:net=10000
c4 intel xen large..8xlarge gib/vcpu=1.875 eni=classic large:usd=0.1 xlarge:usd=0.199 2xlarge:usd=0.398
  4xlarge:usd=0.796 8xlarge:cpu=36,gib=60,net=10000,usd=1.591
c5 intel large..4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal gib/vcpu=2 eni=classic net=c5 usd/vcpu=0.0425
c5a amd large..24xlarge gib/vcpu=2 eni=classic net=c5a usd/vcpu=0.0385
c5ad amd large..24xlarge gib/vcpu=2 eni=classic net=c5a nvme=c5ad usd/vcpu=0.043
c5d intel large..4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal gib/vcpu=2 eni=classic net=c5 nvme=c5d
  usd/vcpu=0.048
c5n intel large..4xlarge 9xlarge 18xlarge metal gib/vcpu=2.625 eni=classic net=c5n usd/vcpu=0.054 9xlarge:gib=96
  18xlarge:gib=192 metal:gib=192
c6a amd large..48xlarge metal gib/vcpu=2 eni=classic net=c6i usd/vcpu=0.03825
c6g aws medium..16xlarge metal gib/vcpu=2 eni=classic net=c6g usd/vcpu=0.034 dp=4 metal:usd=x1.06
c6gd aws medium..16xlarge metal gib/vcpu=2 eni=classic net=c6g nvme=d6 usd/vcpu=0.0384 dp=4 metal:usd=x1.06
c6gn aws medium..16xlarge gib/vcpu=2 eni=classic net=c6gn usd/vcpu=0.0432
c6i intel large..32xlarge metal gib/vcpu=2 eni=classic net=c6i usd/vcpu=0.0425
c6id intel large..32xlarge metal gib/vcpu=2 eni=classic net=c6i nvme=d6 usd/vcpu=0.0504
c6in intel large..32xlarge metal gib/vcpu=2 eni=classic net=c6in usd/vcpu=0.0567 32xlarge:eni=16x50,card=8
  metal:eni=16x50,card=8
c7a amd medium..48xlarge metal-48xl gib/vcpu=2 eni=classic net=c6i ebs=dedicated usd/vcpu=0.05132
c7g aws medium..16xlarge metal gib/vcpu=2 eni=classic net=c7g usd/vcpu=0.03625 dp=4
c7gd aws medium..16xlarge metal gib/vcpu=2 eni=classic net=c7g nvme=d6 usd/vcpu=0.04536 dp=4
c7gn aws medium..16xlarge metal gib/vcpu=2 eni=classic net=c8gn usd/vcpu=0.0624
c7i intel large..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=classic net=c6i ebs=dedicated
  usd/vcpu=0.044625 metal-24xl:usd=x1.1
c7i-flex intel large..16xlarge gib/vcpu=2 eni=classic net=c7i-flex ebs=dedicated usd/vcpu=0.0423938 dp=5
c8a amd medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=wide-amd net=c8i ebs=dedicated
  usd/vcpu=0.053885 dp=5 metal-24xl:ebs=64,usd=x1.1
c8g aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=classic net=c8g ebs=dedicated
  usd/vcpu=0.03988 dp=5 metal-24xl:usd=x1.1
c8gb aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=aws-net net=c8gb ebs=dedicated
  usd/vcpu=0.05925 48xlarge:card=12 metal-24xl:usd=x1.06 metal-48xl:card=12,ebs=78
c8gd aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=classic net=c8g nvme=d8 ebs=dedicated
  usd/vcpu=0.04899 dp=5 metal-24xl:usd=x1.1
c8gn aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=aws-net net=c8gn ebs=dedicated
  usd/vcpu=0.05925 dp=4 48xlarge:card=12,ebs=64 metal-24xl:usd=x1.06 metal-48xl:card=12,ebs=39
c8i intel large..96xlarge metal-48xl metal-96xl gib/vcpu=2 eni=wide net=c8i ebs=dedicated usd/vcpu=0.046855 dp=5
  metal-48xl:ebs=64,usd=x1.1
c8i-flex intel large..16xlarge gib/vcpu=2 eni=wide net=c8i-flex ebs=dedicated usd/vcpu=0.04451
c8ib intel large..96xlarge metal-48xl metal-96xl gib/vcpu=2 eni=wide-net net=c8ib ebs=? usd/vcpu=0.06804 dp=5
  96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
c8id intel large..96xlarge metal-48xl metal-96xl gib/vcpu=2 eni=wide net=c8i nvme=d8 ebs=? usd/vcpu=0.05544 dp=5
  metal-48xl:usd=x1.1
c8in intel large..96xlarge metal-48xl metal-96xl gib/vcpu=2 eni=wide-net net=c6in ebs=? usd/vcpu=0.06804 dp=5
  96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
c8ine intel large..12xlarge gib/vcpu=2 eni=wide-net net=c6in ebs=? usd/vcpu=0.08505
c9g aws medium..24xlarge 48xlarge metal-48xl gib/vcpu=2 eni=wide-aws net=c9g ebs=? usd/vcpu=0.04347 dp=5
  metal-48xl:usd=x1.1
c9gd aws medium..24xlarge 48xlarge metal-48xl gib/vcpu=2 eni=wide-aws net=c9g nvme=? ebs=? usd/vcpu=0.0534
  metal-48xl:usd=x1.1
hpc7g aws 4xlarge 8xlarge 16xlarge net=hpc7g 4xlarge:gib=128,eni=4x50,usd=1.6832 8xlarge:gib=128,eni=4x50,usd=1.6832
  16xlarge:gib=128,eni=4x50,usd=1.6832
`;
