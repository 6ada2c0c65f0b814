/** Accelerated families (GPU, Neuron, Gaudi, FPGA, media). One family a line; `family-line.ts` explains the words. */
export const accelerated = `
dl1 intel 24xlarge gib/vcpu=8 acc=gaudi 24xlarge:eni=60x50,card=15,net=400000,nvme=4x1000,acc=8,ebs=28,usd=13.10904
f1 intel xen 2xlarge 4xlarge 16xlarge gib/vcpu=15.25 eni=classic acc=vu9p usd/vcpu=0.20625 2xlarge:nvme=1x470
  4xlarge:nvme=1x940,acc=2 16xlarge:eni=8x50,nvme=4x940,acc=8
f2 amd 6xlarge 12xlarge 48xlarge eni=classic net=f2 acc=vu47p ebs=dedicated usd/vcpu=0.0825
  6xlarge:gib=256,nvme=940 12xlarge:gib=512,nvme=1880,acc=2 48xlarge:gib=2048,nvme=7520,acc=8
g4ad amd xlarge..8xlarge 16xlarge gib/vcpu=4 net=g4ad nvme=g4ad acc=v520 xlarge:eni=2x4,usd=0.37853
  2xlarge:eni=2x4,usd=0.54117 4xlarge:eni=3x10,usd=0.867 8xlarge:eni=4x15,acc=2,usd=1.734
  16xlarge:eni=8x30,acc=4,usd=3.468
g4dn intel xlarge..16xlarge metal gib/vcpu=4 eni=classic net=g4dn nvme=g4dn acc=t4 xlarge:eni=3x10,usd=0.526
  2xlarge:eni=3x10,usd=0.752 4xlarge:eni=3x10,usd=1.204 8xlarge:eni=4x15,usd=2.176 12xlarge:acc=4,usd=3.912
  16xlarge:eni=4x15,usd=4.352 metal:cpu=96,acc=8,usd=7.824
g5 amd xlarge..24xlarge 48xlarge gib/vcpu=4 eni=dense net=g5 nvme=g5 acc=a10g xlarge:usd=1.006 2xlarge:usd=1.212
  4xlarge:usd=1.624 8xlarge:usd=2.448 12xlarge:acc=4,usd=5.672 16xlarge:eni=8x30,usd=4.096 24xlarge:acc=4,usd=8.144
  48xlarge:eni=7x50,acc=8,ebs=9,usd=16.288
g5g aws xlarge..8xlarge 16xlarge metal gib/vcpu=2 eni=classic net=c6g acc=t4g xlarge:usd=0.42 2xlarge:usd=0.556
  4xlarge:usd=0.828 8xlarge:usd=1.372 16xlarge:acc=2,usd=2.744 metal:acc=2,usd=2.744
g6 amd xlarge..24xlarge 48xlarge gib/vcpu=4 eni=classic net=g5 nvme=g6 acc=l4 ebs=dedicated xlarge:usd=0.8048
  2xlarge:usd=0.9776 4xlarge:usd=1.3232 8xlarge:usd=2.0144 12xlarge:acc=4,usd=4.6016 16xlarge:usd=3.3968
  24xlarge:acc=4,usd=6.6752 48xlarge:acc=8,usd=13.3504
g6e amd xlarge..24xlarge 48xlarge gib/vcpu=8 eni=classic net=g6e nvme=g6e acc=l40s ebs=dedicated xlarge:usd=1.861
  2xlarge:usd=2.24208 4xlarge:usd=3.00424 8xlarge:usd=4.52856 12xlarge:eni=10x30,acc=4,usd=10.49264
  16xlarge:usd=7.57719 24xlarge:eni=20x50,card=10,acc=4,usd=15.06559 48xlarge:eni=40x50,card=10,acc=8,usd=30.13118
g6f amd large..4xlarge gib/vcpu=4 eni=classic net=g5 nvme=g6f acc=l4 ebs=dedicated usd/vcpu=0.059375
  large:eni=2x10,acc=1/8,usd=0.202 xlarge:acc=1/8 2xlarge:acc=1/4 4xlarge:acc=1/2
# g7: lists disagree on the GPUs of 8xlarge and 12xlarge. card=12 of 48xlarge is a guess on the safe side, two cards assumed.
g7 intel 2xlarge..12xlarge 24xlarge 48xlarge gib/vcpu=4 eni=g7 net=g7 nvme=? acc=? ebs=? 2xlarge:usd=2.52
  4xlarge:usd=3.04208 8xlarge:usd=4.08624 12xlarge:usd=7.12832 24xlarge:usd=14.25664 48xlarge:card=12,usd=28.51328
g7e intel 2xlarge..12xlarge 24xlarge 48xlarge gib/vcpu=8 eni=g7e net=g7e nvme=g7e acc=rtx-pro-6000 ebs=dedicated
  2xlarge:usd=3.36312 4xlarge:usd=3.99816 8xlarge:usd=5.26824 12xlarge:gib=512,acc=2,usd=8.28608
  24xlarge:gib=1024,card=10,acc=4,usd=16.57216 48xlarge:gib=2048,card=10,acc=8,usd=33.14432
gr6 amd 4xlarge 8xlarge gib/vcpu=8 eni=classic net=g5 nvme=g6 acc=l4 ebs=dedicated 4xlarge:usd=1.5392
  8xlarge:usd=2.4464
gr6f amd 4xlarge gib/vcpu=8 eni=classic nvme=g6f acc=l4 ebs=dedicated 4xlarge:net=10000,acc=1/2,usd=1.066
inf1 intel xlarge 2xlarge 6xlarge 24xlarge gib/vcpu=2 eni=classic net=inf1 acc=inferentia xlarge:eni=4x10,usd=0.228
  2xlarge:eni=4x10,usd=0.362 6xlarge:acc=4,usd=1.18 24xlarge:eni=11x30,acc=16,usd=4.721
inf2 amd xlarge 8xlarge 24xlarge 48xlarge gib/vcpu=4 eni=classic net=inf2 acc=inferentia2 xlarge:usd=0.7582
  8xlarge:usd=1.96786 24xlarge:acc=6,ebs=28,usd=6.49063 48xlarge:acc=12,ebs=28,usd=12.98127
p3 intel xen 2xlarge 8xlarge 16xlarge gib/vcpu=7.625 eni=classic net=i3 acc=v100 usd/vcpu=0.3825 8xlarge:acc=4
  16xlarge:eni=8x30,acc=8
p3dn intel 24xlarge gib/vcpu=8 eni=classic acc=v100-32gb 24xlarge:net=100000,nvme=2x900,acc=8,usd=31.212
p4d intel 24xlarge gib/vcpu=12 acc=a100 ebs=dedicated
  24xlarge:eni=60x50,card=15,net=400000,nvme=8x1000,acc=8,ebs=28,usd=21.957642
p4de intel 24xlarge gib/vcpu=12 acc=a100-80gb ebs=dedicated
  24xlarge:eni=60x50,card=15,net=400000,nvme=8x1000,acc=8,ebs=28,usd=27.44705
p5 amd 4xlarge 48xlarge net=p5 acc=h100 ebs=dedicated 4xlarge:gib=256,eni=4x30,nvme=3800,usd=6.88
  48xlarge:gib=2048,eni=64x50,card=2,nvme=30400,acc=8,ebs=64,usd=55.04
p5en intel 48xlarge acc=h200 ebs=dedicated
  48xlarge:gib=2048,eni=64x50,card=4,net=3200000,nvme=30400,acc=8,ebs=64,usd=63.296
p6-b200 intel 48xlarge acc=b200 ebs=dedicated
  48xlarge:gib=2048,eni=32x50,card=4,net=3200000,nvme=30400,acc=8,ebs=64,usd=113.9328
p6-b300 intel 48xlarge acc=b300 ebs=dedicated
  48xlarge:gib=4096,eni=68x50,card=4,net=6400000,nvme=30400,acc=8,ebs=64,usd=142.416
trn1 intel 2xlarge 32xlarge gib/vcpu=4 eni=classic net=trn1 acc=trainium usd/vcpu=0.16796875 2xlarge:nvme=1x474
  32xlarge:eni=40x50,card=5,nvme=4x1900,acc=16,ebs=28
trn1n intel 32xlarge gib/vcpu=4 acc=trainium
  32xlarge:eni=80x50,card=5,net=1600000,nvme=4x1900,acc=16,ebs=28,usd=24.78
vt1 intel 3xlarge 6xlarge 24xlarge gib/vcpu=2 eni=classic net=vt1 acc=u30 3xlarge:ebs=25,usd=0.65
  6xlarge:acc=2,ebs=23,usd=1.3 24xlarge:acc=8,ebs=?,usd=5.2
# No us-east-1 list price: asked for a price, these answer unpriced.
dl2q intel 24xlarge gib/vcpu=8 eni=classic acc=ai100 24xlarge:net=100000,acc=8,ebs=19
p5e amd 48xlarge acc=h200 ebs=dedicated 48xlarge:gib=2048,eni=64x50,card=2,net=3200000,nvme=30400,acc=8,ebs=64
`;
