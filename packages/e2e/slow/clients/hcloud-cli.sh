#!/usr/bin/env bash
# Uses the whole API through the vendor's own command, as Debian packages it, and checks what it
# printed. Takes HCLOUD_ENDPOINT, HCLOUD_TOKEN and SSH_PUBLIC_KEY; the first surprise ends it.
set -euo pipefail

h() { hcloud --poll-interval 10ms "$@"; }

is() {
  [ "$1" = "$2" ] || { printf 'expected "%s", got "%s"\n' "$2" "$1" >&2; exit 1; }
}

refused() {
  local code=$1 said
  shift
  if said=$(h "$@" 2>&1); then printf 'not refused: %s\n' "$*" >&2; exit 1; fi
  case $said in
    *"($code"*) ;;
    *) printf 'refused without %s: %s\n' "$code" "$said" >&2; exit 1 ;;
  esac
}

list() { h "$1" list -o noheader -o columns=name "${@:2}"; }

is "$(h server-type describe cx23 -o format='{{.Cores}} {{.Disk}}')" "2 40"
is "$(h location list -o noheader -o columns=name | sort | head -1)" ash
is "$(h image list -o noheader -o columns=name,os_flavor | grep -c debian-13)" 2
echo catalogue

h ssh-key create --name alice --public-key "$SSH_PUBLIC_KEY" --label team=a
refused uniqueness_error ssh-key create --name bob --public-key "$SSH_PUBLIC_KEY"
h ssh-key update alice --name alice-2
h ssh-key add-label alice-2 tier=1
is "$(list ssh-key -l 'team in (a,b),tier')" alice-2
is "$(list ssh-key -l '!team')" ""
echo ssh keys

rules='[{"direction":"in","protocol":"tcp","port":"22","source_ips":["192.0.2.0/24"]}]'
h firewall create --name wall --label role=desk --rules-file - <<<"$rules"
h firewall add-rule wall --direction in --protocol icmp --source-ips 0.0.0.0/0 --source-ips ::/0
is "$(h firewall describe wall -o format='{{len .Rules}}')" 2
h firewall delete-rule wall --direction in --protocol icmp --source-ips 0.0.0.0/0 --source-ips ::/0
h firewall update wall --name wall-2
is "$(list firewall -l 'role=desk' --sort name:desc)" wall-2
echo firewalls

h volume create --name data --size 10 --location fsn1 --format ext4
h volume resize data --size 20
refused invalid_input volume resize data --size 15
h volume enable-protection data delete
refused protected volume delete data
h volume disable-protection data delete
h volume add-label data keep=yes
is "$(list volume -l 'keep!=no')" data
echo volumes

h server create --name alice --type cx23 --image debian-13 --location fsn1 \
  --ssh-key alice-2 --firewall wall-2 --label desk=alice --user-data-from-file - <<<'#cloud-config'
refused uniqueness_error server create --name alice --type cx23 --image debian-13 --location fsn1
is "$(h server describe alice -o format='{{.Status}}')" running
is "$(list server -l 'desk=alice' --sort name)" alice
is "$(list server -l 'desk notin (alice)')" ""
h server ip alice
h volume attach data --server alice
h server add-label alice tier=1
h server reboot alice
h server reset alice
h server shutdown alice
is "$(h server describe alice -o format='{{.Status}}')" off
h server poweron alice
h server poweroff alice
h server change-type alice cx33 --keep-disk
h server enable-backup alice
h server create-image alice --type backup
h server disable-backup alice
h server enable-protection alice delete rebuild
refused protected server delete alice
h server disable-protection alice delete rebuild
h server rebuild alice --image debian-12
is "$(h server describe alice -o format='{{.Image.Name}} {{.ServerType.Name}}')" "debian-12 cx33"
h server update alice --name alice-2
echo servers

h server create-image alice-2 --type snapshot --description 'of alice' --label of=alice
image=$(h image list -o noheader -o columns=id --type snapshot -l of=alice)
h image update "$image" --description kept
h image enable-protection "$image" delete
refused protected image delete "$image"
h image disable-protection "$image" delete
h image delete "$image"
echo images

h firewall create --name by-label
h firewall apply-to-resource by-label --type label_selector --label-selector tier=1
refused resource_in_use firewall delete by-label
h firewall remove-from-resource by-label --type label_selector --label-selector tier=1
h firewall delete by-label
echo label selectors

# `primary-ip create` of this version sends neither an assignee nor a location, so the address is
# the one that was made with the server; and it cannot read an IPv6 network in an answer to `update`.
refused invalid_input primary-ip create --name other --type ipv6 --datacenter fsn1-dc14
server=$(h server describe alice-2 -o format='{{.ID}}')
address=$(h server describe alice-2 -o format='{{.PublicNet.IPv4.ID}}')
h primary-ip update "$address" --name address
h primary-ip set-rdns address --ip "$(h server ip alice-2)" --hostname desk.example.com
refused must_be_unassigned primary-ip delete address
refused server_not_stopped primary-ip unassign address
h server poweroff alice-2
h primary-ip unassign address
h primary-ip enable-protection address
refused protected primary-ip delete address
h primary-ip disable-protection address
h primary-ip assign address --server alice-2
is "$(h primary-ip describe address -o format='{{.AssigneeID}}')" "$server"
h primary-ip unassign address
is "$(list primary-ip --sort name:asc | head -1)" address
echo primary ips

h server delete alice-2
h primary-ip delete address
h volume delete data
h firewall delete wall-2
h ssh-key delete alice-2
for noun in server primary-ip volume firewall ssh-key; do is "$(list "$noun")" ""; done
echo delete
