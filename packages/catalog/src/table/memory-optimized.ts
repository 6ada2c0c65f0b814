/** Memory optimized families (r, u, x, z). One family a line; `family-line.ts` explains the words. */
export const memoryOptimized = `
r3 intel xen large..8xlarge gib/vcpu=7.625 eni=classic large:gib=15,usd=0.166 xlarge:usd=0.333 2xlarge:usd=0.665
  4xlarge:usd=1.33 8xlarge:net=10000,usd=2.66
r4 intel xen large..8xlarge 16xlarge gib/vcpu=7.625 eni=classic net=i3 usd/vcpu=0.0665
r5 intel large..24xlarge metal gib/vcpu=8 eni=classic net=c5 usd/vcpu=0.063
r5a amd large..24xlarge gib/vcpu=8 eni=classic net=m5a usd/vcpu=0.0565
r5ad amd large..24xlarge gib/vcpu=8 eni=classic net=m5a nvme=m5d usd/vcpu=0.0655
r5b intel large..24xlarge metal gib/vcpu=8 eni=classic net=c5 usd/vcpu=0.0745 metal:usd=x1.1
r5d intel large..24xlarge metal gib/vcpu=8 eni=classic net=c5 nvme=m5d usd/vcpu=0.072
r5dn intel large..24xlarge metal gib/vcpu=8 eni=classic net=m5n nvme=m5d usd/vcpu=0.0835
r5n intel large..24xlarge metal gib/vcpu=8 eni=classic net=m5n usd/vcpu=0.0745
r6a amd large..48xlarge metal gib/vcpu=8 eni=classic net=c6i usd/vcpu=0.0567
r6g aws medium..16xlarge metal gib/vcpu=8 eni=classic net=c6g usd/vcpu=0.0504 dp=4 metal:usd=x1.06
r6gd aws medium..16xlarge metal gib/vcpu=8 eni=classic net=c6g nvme=d6 usd/vcpu=0.0576 dp=4 metal:usd=x1.06
r6i intel large..32xlarge metal gib/vcpu=8 eni=classic net=c6i usd/vcpu=0.063
r6id intel large..32xlarge metal gib/vcpu=8 eni=classic net=c6i nvme=d6 usd/vcpu=0.0756
r6idn intel large..32xlarge metal gib/vcpu=8 eni=classic net=c6in nvme=d6 usd/vcpu=0.097695
  32xlarge:eni=16x50,card=8 metal:eni=16x50,card=8
r6in intel large..32xlarge metal gib/vcpu=8 eni=classic net=c6in usd/vcpu=0.087165 32xlarge:eni=16x50,card=8
  metal:eni=16x50,card=8
r7a amd medium..48xlarge metal-48xl gib/vcpu=8 eni=classic net=c6i ebs=dedicated usd/vcpu=0.076075 dp=5
r7g aws medium..16xlarge metal gib/vcpu=8 eni=classic net=c7g usd/vcpu=0.05355 dp=4
r7gd aws medium..16xlarge metal gib/vcpu=8 eni=classic net=c7g nvme=d6 usd/vcpu=0.06804 dp=4
r7i intel large..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=classic net=c6i ebs=dedicated
  usd/vcpu=0.06615 metal-24xl:usd=x1.1
r7iz intel large..16xlarge 32xlarge metal-16xl metal-32xl gib/vcpu=8 eni=classic net=r7iz ebs=dedicated
  usd/vcpu=0.093 metal-16xl:usd=x1.1 metal-32xl:usd=x1.1
r8a amd medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=wide-amd net=c8i ebs=dedicated
  usd/vcpu=0.07988 dp=5 metal-24xl:ebs=64,usd=x1.1
r8g aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=classic net=c8g ebs=dedicated
  usd/vcpu=0.05891 dp=5 metal-24xl:usd=x1.1
r8gb aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=aws-net net=c8gb ebs=dedicated
  usd/vcpu=0.09109 48xlarge:card=12 metal-24xl:usd=18.53864 metal-48xl:card=12,ebs=78
r8gd aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=classic net=c8g nvme=d8 ebs=dedicated
  usd/vcpu=0.07348 dp=5 metal-24xl:usd=x1.1
r8gn aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=8 eni=aws-net net=c8gn ebs=dedicated
  usd/vcpu=0.09109 dp=4 48xlarge:card=12,ebs=64 metal-24xl:usd=x1.06 metal-48xl:card=12,ebs=39
r8i intel large..96xlarge metal-48xl metal-96xl gib/vcpu=8 eni=wide net=c8i ebs=dedicated usd/vcpu=0.06946 dp=5
  metal-48xl:ebs=64,usd=x1.1
r8i-flex intel large..16xlarge gib/vcpu=8 eni=wide net=c8i-flex ebs=dedicated usd/vcpu=0.065985
r8ib intel large..96xlarge metal-48xl metal-96xl gib/vcpu=8 eni=wide-net net=c8ib ebs=? usd/vcpu=0.1046
  96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
r8id intel large..96xlarge metal-48xl metal-96xl gib/vcpu=8 eni=wide net=c8i nvme=d8 ebs=? usd/vcpu=0.08316 dp=5
  metal-48xl:usd=x1.1
r8idb intel large..96xlarge metal-48xl metal-96xl gib/vcpu=8 eni=wide-net net=c8ib nvme=? ebs=? usd/vcpu=0.117235
  dp=5 96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
r8idn intel large..96xlarge metal-48xl metal-96xl gib/vcpu=8 eni=wide-net net=c6in nvme=? ebs=? usd/vcpu=0.117235
  dp=5 96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
r8in intel large..96xlarge metal-48xl metal-96xl gib/vcpu=8 eni=wide-net net=c6in ebs=? usd/vcpu=0.1046
  96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
u7i-6tb intel 112xlarge eni=classic ebs=dedicated 112xlarge:gib=6144,net=100000,usd=62.79
u7i-8tb intel 112xlarge eni=classic ebs=dedicated 112xlarge:gib=8192,net=100000,usd=83.72
u7i-12tb intel 224xlarge eni=classic ebs=dedicated 224xlarge:gib=12288,net=100000,usd=125.58182
u7in-16tb intel 224xlarge ebs=dedicated 224xlarge:gib=16384,eni=16x50,card=8,net=200000,usd=180.47558
u7in-24tb intel 224xlarge ebs=dedicated 224xlarge:gib=24576,eni=16x50,card=8,net=200000,usd=270.73128
u7in-32tb intel 224xlarge ebs=dedicated 224xlarge:gib=32768,eni=16x50,card=8,net=200000,usd=360.98695
u-3tb1 intel 56xlarge 56xlarge:gib=3072,eni=8x30,net=50000,usd=27.3
u-6tb1 intel 56xlarge 112xlarge eni=classic net=u-6tb1 56xlarge:gib=6144,usd=46.40391 112xlarge:gib=6144,usd=54.6
x1 intel xen 16xlarge 32xlarge gib/vcpu=15.25 net=x1 usd/vcpu=0.104203125 16xlarge:eni=8x30 32xlarge:eni=8x30
x1e intel xen xlarge..8xlarge 16xlarge 32xlarge gib/vcpu=30.5 eni=classic net=x1 usd/vcpu=0.2085 xlarge:eni=3x10
  4xlarge:eni=4x15 8xlarge:eni=4x15 16xlarge:eni=8x30 32xlarge:eni=8x30
x2gd aws medium..16xlarge metal gib/vcpu=16 eni=classic net=c6g nvme=x2gd usd/vcpu=0.0835 metal:usd=x1.1
x2idn intel 16xlarge..32xlarge metal gib/vcpu=16 eni=classic net=x2idn nvme=x2idn usd/vcpu=0.104203125
x2iedn intel xlarge..8xlarge 16xlarge..32xlarge metal gib/vcpu=32 eni=classic net=x2idn nvme=x2iedn
  usd/vcpu=0.20840625 dp=5
x2iezn intel 2xlarge 4xlarge 6xlarge 8xlarge 12xlarge metal gib/vcpu=32 eni=dense net=x2iezn usd/vcpu=0.2085
x8g aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=16 eni=classic net=c8g ebs=dedicated
  usd/vcpu=0.0977 metal-24xl:usd=x1.1
x8i intel large..48xlarge 64xlarge 96xlarge metal-48xl metal-96xl gib/vcpu=16 eni=wide net=c8i ebs=dedicated
  usd/vcpu=0.109415 dp=5 96xlarge:usd=48.74438 metal-48xl:ebs=64,usd=x1.1 metal-96xl:usd=48.74438
z1d intel large..2xlarge 3xlarge 6xlarge 12xlarge metal gib/vcpu=8 eni=dense net=i3 nvme=z1d usd/vcpu=0.093
# No us-east-1 list price: asked for a price, these answer unpriced.
x8aedz amd large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl gib/vcpu=32 eni=wide-amd net=x8aedz
  nvme=? ebs=dedicated large:eni=4x20 3xlarge:eni=8x40 12xlarge:eni=16x64,ebs=64 24xlarge:ebs=128
  metal-12xl:eni=16x64,ebs=64 metal-24xl:ebs=79
`;
