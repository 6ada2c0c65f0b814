/** General purpose families (a, m, t) and the macOS hosts. One family a line; `family-line.ts` explains the words. */
export const generalPurpose = `
a1 aws medium..4xlarge metal gib/vcpu=2 eni=classic net=c5 usd/vcpu=0.0255
m1 intel xen small..xlarge gib/vcpu=3.75 eni=classic small:cpu=1,gib=1.7,usd=0.044 medium:gib=3.7,eni=2x6,usd=0.087
  large:usd=0.175 xlarge:usd=0.35
m2 intel xen xlarge..4xlarge gib/vcpu=8.55 usd/vcpu=0.1225 xlarge:cpu=2,eni=4x15 2xlarge:cpu=4,eni=4x30
  4xlarge:cpu=8,eni=8x30
m3 intel xen medium..2xlarge gib/vcpu=3.75 eni=classic usd/vcpu=0.0665 medium:eni=2x6,usd=0.067 2xlarge:eni=4x30
m4 intel xen large..4xlarge 10xlarge 16xlarge gib/vcpu=4 eni=classic net=m4 usd/vcpu=0.05 large:eni=2x10
  16xlarge:eni=8x30
m5 intel large..24xlarge metal gib/vcpu=4 eni=classic net=c5 usd/vcpu=0.048
m5a amd large..24xlarge gib/vcpu=4 eni=classic net=m5a usd/vcpu=0.043
m5ad amd large..24xlarge gib/vcpu=4 eni=classic net=m5a nvme=m5d usd/vcpu=0.0515
m5d intel large..24xlarge metal gib/vcpu=4 eni=classic net=c5 nvme=m5d usd/vcpu=0.0565
m5dn intel large..24xlarge metal gib/vcpu=4 eni=classic net=m5n nvme=m5d usd/vcpu=0.068
m5n intel large..24xlarge metal gib/vcpu=4 eni=classic net=m5n usd/vcpu=0.0595
m5zn intel large..2xlarge 3xlarge 6xlarge 12xlarge metal gib/vcpu=4 eni=dense net=c5n usd/vcpu=0.082585 dp=4
  metal:usd=x1.1
m6a amd large..48xlarge metal gib/vcpu=4 eni=classic net=c6i usd/vcpu=0.0432
m6g aws medium..16xlarge metal gib/vcpu=4 eni=classic net=c6g usd/vcpu=0.0385 metal:usd=2.6112
m6gd aws medium..16xlarge metal gib/vcpu=4 eni=classic net=c6g nvme=d6 usd/vcpu=0.0452 dp=4 metal:usd=x1.06
m6i intel large..32xlarge metal gib/vcpu=4 eni=classic net=c6i usd/vcpu=0.048
m6id intel large..32xlarge metal gib/vcpu=4 eni=classic net=c6i nvme=d6 usd/vcpu=0.059325
m6idn intel large..32xlarge metal gib/vcpu=4 eni=classic net=c6in nvme=d6 usd/vcpu=0.07956 32xlarge:eni=16x50,card=8
  metal:eni=16x50,card=8
m6in intel large..32xlarge metal gib/vcpu=4 eni=classic net=c6in usd/vcpu=0.069615 32xlarge:eni=16x50,card=8
  metal:eni=16x50,card=8
m7a amd medium..48xlarge metal-48xl gib/vcpu=4 eni=classic net=c6i ebs=dedicated usd/vcpu=0.05796
m7g aws medium..16xlarge metal gib/vcpu=4 eni=classic net=c7g usd/vcpu=0.0408
m7gd aws medium..16xlarge metal gib/vcpu=4 eni=classic net=c7g nvme=d6 usd/vcpu=0.0533922 dp=4
m7i intel large..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=4 eni=classic net=c6i ebs=dedicated
  usd/vcpu=0.0504 metal-24xl:usd=x1.1
m7i-flex intel large..16xlarge gib/vcpu=4 eni=classic net=c7i-flex ebs=dedicated usd/vcpu=0.04788
m8a amd medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=4 eni=wide-amd net=c8i ebs=dedicated
  usd/vcpu=0.06086 dp=5 metal-24xl:ebs=64,usd=x1.1
m8azn amd medium..xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl gib/vcpu=4 eni=wide-amd net=m8azn
  ebs=? usd/vcpu=0.10323 dp=5 medium:eni=3x4 large:eni=4x20 3xlarge:eni=8x40 12xlarge:eni=16x64
  metal-12xl:eni=16x64,usd=x1.1 metal-24xl:usd=x1.1
m8g aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=4 eni=classic net=c8g ebs=dedicated
  usd/vcpu=0.04488 dp=5 metal-24xl:usd=x1.1
m8gb aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=4 eni=aws-net net=c8gb ebs=dedicated
  usd/vcpu=0.07275 48xlarge:card=12 metal-24xl:ebs=?,usd=14.80608 metal-48xl:card=12,ebs=?
m8gd aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=4 eni=classic net=c8g nvme=d8 ebs=dedicated
  usd/vcpu=0.05766 dp=5 metal-24xl:usd=x1.1
m8gn aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=4 eni=aws-net net=c8gn ebs=dedicated
  usd/vcpu=0.07275 dp=4 48xlarge:card=12,ebs=64 metal-24xl:ebs=?,usd=x1.06 metal-48xl:card=12,ebs=?
m8i intel large..96xlarge metal-48xl metal-96xl gib/vcpu=4 eni=wide net=c8i ebs=dedicated usd/vcpu=0.05292
  metal-48xl:ebs=64
m8i-flex intel large..16xlarge gib/vcpu=4 eni=wide net=c8i-flex ebs=dedicated usd/vcpu=0.050275
m8ib intel large..96xlarge metal-48xl metal-96xl gib/vcpu=4 eni=wide-net net=c8ib ebs=? usd/vcpu=0.08354 dp=5
  96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
m8id intel large..96xlarge metal-48xl metal-96xl gib/vcpu=4 eni=wide net=c8i nvme=d8 ebs=? usd/vcpu=0.06526
m8idb intel large..96xlarge metal-48xl metal-96xl gib/vcpu=4 eni=wide-net net=c8ib nvme=? ebs=? usd/vcpu=0.09547
  dp=5 96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
m8idn intel large..96xlarge metal-48xl metal-96xl gib/vcpu=4 eni=wide-net net=c6in nvme=? ebs=? usd/vcpu=0.09547
  dp=5 96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
m8in intel large..96xlarge metal-48xl metal-96xl gib/vcpu=4 eni=wide-net net=c6in ebs=? usd/vcpu=0.08354 dp=5
  96xlarge:card=12 metal-48xl:usd=x1.1 metal-96xl:card=12
m8ine intel large..12xlarge gib/vcpu=4 eni=wide-net net=c6in ebs=? usd/vcpu=0.104425
m9g aws medium..24xlarge 48xlarge metal-48xl gib/vcpu=4 eni=wide-aws net=c9g ebs=? usd/vcpu=0.04892 dp=5
  metal-48xl:usd=x1.1
m9gd aws medium..24xlarge 48xlarge metal-48xl gib/vcpu=4 eni=wide-aws net=c9g nvme=? ebs=? usd/vcpu=0.06285
  metal-48xl:usd=x1.1
t1 intel xen micro gib/vcpu=0.613 micro:cpu=1,eni=2x2,usd=0.02
t2 intel xen nano..2xlarge gib/vcpu=4 nano:cpu=1,gib=0.5,eni=2x2,usd=0.0058 micro:cpu=1,gib=1,eni=2x2,usd=0.0116
  small:cpu=1,gib=2,eni=3x4,usd=0.023 medium:cpu=2,gib=4,eni=3x6,usd=0.0464 large:eni=3x12,usd=0.0928
  xlarge:eni=3x15,usd=0.1856 2xlarge:eni=3x15,usd=0.3712
t3 intel nano..2xlarge gib/vcpu=4 eni=classic nano:gib=0.5,eni=2x2,net=32,usd=0.0052
  micro:gib=1,eni=2x2,net=64,usd=0.0104 small:gib=2,eni=3x4,net=128,usd=0.0208
  medium:cpu=2,gib=4,eni=3x6,net=256,usd=0.0416 large:eni=3x12,net=512,usd=0.0832 xlarge:net=1024,usd=0.1664
  2xlarge:net=2048,usd=0.3328
t3a amd nano..2xlarge gib/vcpu=4 eni=classic nano:gib=0.5,eni=2x2,net=32,usd=0.0047
  micro:gib=1,eni=2x2,net=64,usd=0.0094 small:gib=2,eni=2x4,net=128,usd=0.0188
  medium:cpu=2,gib=4,eni=3x6,net=256,usd=0.0376 large:eni=3x12,net=512,usd=0.0752 xlarge:net=1024,usd=0.1504
  2xlarge:net=2048,usd=0.3008
t4g aws nano..2xlarge gib/vcpu=4 eni=classic nano:gib=0.5,eni=2x2,net=32,usd=0.0042
  micro:gib=1,eni=2x2,net=64,usd=0.0084 small:gib=2,eni=3x4,net=128,usd=0.0168
  medium:cpu=2,gib=4,eni=3x6,net=256,usd=0.0336 large:eni=3x12,net=512,usd=0.0672 xlarge:net=1024,usd=0.1344
  2xlarge:net=2048,usd=0.2688
# macOS hosts: facts for whoever meets one; Kubernetes does not run on them, and they are let by the dedicated host.
mac1 intel mac metal metal:cpu=12,gib=32,eni=8x30,net=25000,ebs=16
mac2 apple mac metal metal:cpu=8,gib=16,eni=8x30,net=10000,ebs=10
mac2-m1ultra apple mac metal metal:cpu=20,gib=128,eni=8x30,net=10000,ebs=10
mac2-m2 apple mac metal metal:cpu=8,gib=24,eni=8x30,net=10000,ebs=10
mac2-m2pro apple mac metal metal:cpu=12,gib=32,eni=8x30,net=10000,ebs=10
mac-m3ultra apple mac metal metal:cpu=28,gib=256,eni=8x30,net=10000,ebs=?
mac-m4 apple mac metal metal:cpu=10,gib=24,eni=8x30,net=10000,ebs=31
mac-m4max apple mac metal metal:cpu=16,gib=128,eni=8x30,net=10000,ebs=10
mac-m4pro apple mac metal metal:cpu=14,gib=48,eni=8x30,net=10000,ebs=31
`;
