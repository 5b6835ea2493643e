#!/bin/sh
# nspawn-boot.sh MACHINE IMAGE WORLD_PID OUTBOUND: becomes the container of one server. It runs in a
# network and a mount namespace of its own, so that nothing is left of either when it ends.
set -eu
machine=$1 image=$2 world=$3 outbound=$4

ip link set lo up
ip link add eth0 type veth peer name eth0 netns "$world"
ip addr add 172.31.1.100/16 dev eth0
ip link set eth0 up
nsenter -t "$world" -n sh -ec '
  ip addr add 172.31.1.1/16 dev eth0
  ip -6 addr add fe80::a9fe:a9fe/64 dev eth0 nodad
  ip link set eth0 up'
if [ "$outbound" = yes ]; then
  # slirp4netns brings the default route.
  ip route add 169.254.169.254/32 via 172.31.1.1
  ip route add 198.51.100.0/24 via 172.31.1.1
else
  ip route add default via 172.31.1.1
fi

mount -t overlay overlay "$machine/merged" \
  -o "lowerdir=$image,upperdir=$machine/upper,workdir=$machine/work"
# Volumes that are mounted here later on show up in the container.
mount --bind "$machine/volumes" "$machine/volumes"
mount --make-shared "$machine/volumes"

# /proc/sys/net belongs to the network namespace, so the server may have its own way with it.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
exec setpriv --pdeathsig TERM systemd-nspawn --quiet --directory="$machine/merged" --boot \
  --register=no --keep-unit --machine="hetzner-$$" --console=read-only --resolv-conf=off \
  --network-namespace-path=/proc/self/ns/net --capability=CAP_NET_ADMIN \
  --bind-ro="$machine/seed:/var/lib/cloud/seed/nocloud" --bind="$machine/volumes:/run/volumes"
