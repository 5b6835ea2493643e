"""Uses the whole API through the vendor's own Python client, and checks what the client saw.

Takes the endpoint and the token from HCLOUD_ENDPOINT and HCLOUD_TOKEN. Prints the name of each
part that went through; the first surprise ends it with a traceback and exit code 1.
"""

import os

from hcloud import APIException, Client
from hcloud.firewalls import FirewallResource, FirewallResourceLabelSelector, FirewallRule
from hcloud.images import Image
from hcloud.locations import Location
from hcloud.server_types import ServerType
from hcloud.servers import ServerCreatePublicNetwork

client = Client(
    token=os.environ["HCLOUD_TOKEN"],
    api_endpoint=os.environ["HCLOUD_ENDPOINT"],
    poll_interval=0.01,
)
PUBLIC_KEY = os.environ["SSH_PUBLIC_KEY"]
FSN1 = Location(name="fsn1")


def refused(code, act):
    """Expects the API to refuse with this code."""
    try:
        act()
    except APIException as error:
        assert error.code == code, f"{error.code} instead of {code}: {error.message}"
        return error
    raise AssertionError(f"not refused with {code}")


def ids(items):
    return [item.id for item in items]


def catalogue():
    assert client.locations.get_by_name("fsn1").network_zone == "eu-central"
    assert len(client.locations.get_all()) == 6
    cx23 = client.server_types.get_by_name("cx23")
    assert (cx23.cores, cx23.memory, cx23.disk, cx23.architecture) == (2, 4, 40, "x86")
    assert client.server_types.get_by_id(cx23.id).name == "cx23"
    arm = client.images.get_by_name_and_architecture("debian-13", "arm")
    assert arm.architecture == "arm" and client.images.get_by_id(arm.id).name == "debian-13"


def ssh_keys():
    key = client.ssh_keys.create(name="alice", public_key=PUBLIC_KEY, labels={"team": "a"})
    refused("uniqueness_error", lambda: client.ssh_keys.create(name="bob", public_key=PUBLIC_KEY))
    assert client.ssh_keys.get_by_fingerprint(key.fingerprint).id == key.id
    assert ids(client.ssh_keys.get_all(label_selector="team in (a,b)")) == [key.id]
    assert client.ssh_keys.get_all(label_selector="!team") == []
    assert key.update(name="alice-2", labels={}).name == "alice-2"
    assert client.ssh_keys.get_by_name("alice") is None
    return key


def firewalls():
    rule = FirewallRule(direction="in", protocol="tcp", port="22", source_ips=["192.0.2.0/24"])
    made = client.firewalls.create(name="wall", rules=[rule], labels={"role": "desk"})
    wall = made.firewall
    assert wall.rules[0].port == "22"
    assert ids(client.firewalls.get_all(label_selector="role==desk", sort="name:desc")) == [wall.id]
    assert wall.update(name="wall-2").name == "wall-2"
    icmp = FirewallRule(direction="in", protocol="icmp", source_ips=["0.0.0.0/0", "::/0"])
    for action in wall.set_rules([rule, icmp]):
        action.wait_until_finished()
    assert len(client.firewalls.get_by_id(wall.id).rules) == 2
    refused("invalid_input", lambda: wall.set_rules([FirewallRule("in", "tcp", ["192.0.2.0/24"])]))
    return wall


def volumes():
    made = client.volumes.create(size=10, name="data", location=FSN1, format="ext4")
    made.action.wait_until_finished()
    volume = made.volume
    assert volume.server is None and volume.linux_device.endswith(str(volume.id))
    volume.resize(20).wait_until_finished()
    refused("invalid_input", lambda: volume.resize(15))
    volume.change_protection(delete=True).wait_until_finished()
    refused("protected", volume.delete)
    volume.change_protection(delete=False).wait_until_finished()
    assert volume.update(labels={"keep": ""}).labels == {"keep": ""}
    assert ids(client.volumes.get_all(label_selector="keep", status=["available"])) == [volume.id]
    return volume


def primary_ips():
    made = client.primary_ips.create(type="ipv4", name="address", location=FSN1)
    address = made.primary_ip
    assert address.assignee_id is None and address.assignee_type == "unassigned"
    address.change_protection(delete=True).wait_until_finished()
    refused("protected", address.delete)
    address.change_protection(delete=False).wait_until_finished()
    address.change_dns_ptr(address.ip, "desk.example.com").wait_until_finished()
    address = client.primary_ips.get_by_name("address")
    assert address.dns_ptr[0]["dns_ptr"] == "desk.example.com"
    assert address.update(name="address-2", labels={"of": "alice"}).name == "address-2"
    assert ids(client.primary_ips.get_all(label_selector="of!=bob")) == [address.id]
    return address


def create_server(key, wall, address):
    made = client.servers.create(
        name="alice",
        server_type=ServerType(name="cx23"),
        image=Image(name="debian-13"),
        location=FSN1,
        ssh_keys=[key],
        firewalls=[wall],
        labels={"desk": "alice"},
        user_data="#cloud-config\n",
        public_net=ServerCreatePublicNetwork(ipv4=address, enable_ipv6=True),
    )
    made.action.wait_until_finished()
    for action in made.next_actions:
        action.wait_until_finished()
    assert made.root_password is None
    server = client.servers.get_by_name("alice")
    assert server.status == "running"
    assert server.public_net.ipv4.ip == address.ip
    assert server.public_net.ipv6.ip.endswith("::/64")
    assert ids(f.firewall for f in server.public_net.firewalls) == [wall.id]
    refused("primary_ip_assigned", lambda: client.servers.create(
        name="bob",
        server_type=ServerType(name="cx23"),
        image=Image(name="debian-13"),
        location=FSN1,
        public_net=ServerCreatePublicNetwork(ipv4=address),
    ))
    return server


def use_server(server, volume, address):
    volume.attach(server, automount=False).wait_until_finished()
    assert client.volumes.get_by_id(volume.id).server.id == server.id
    assert ids(client.servers.get_by_id(server.id).volumes) == [volume.id]
    server.update(labels={"desk": "alice", "tier": "1"})
    selector = "desk=alice,tier notin (2,3)"
    assert ids(client.servers.get_all(label_selector=selector, status=["running"])) == [server.id]
    assert client.servers.get_all(label_selector="desk!=alice") == []

    for act in (server.reboot, server.reset):
        act().wait_until_finished()
    refused("server_not_stopped", address.unassign)
    server.shutdown().wait_until_finished()
    assert client.servers.get_by_id(server.id).status == "off"
    address.unassign().wait_until_finished()
    assert client.primary_ips.get_by_id(address.id).assignee_id is None
    address.assign(server.id, "server").wait_until_finished()
    server.power_on().wait_until_finished()
    server.power_off().wait_until_finished()
    server.change_type(ServerType(name="cx33"), upgrade_disk=False).wait_until_finished()
    server = client.servers.get_by_id(server.id)
    assert (server.server_type.name, server.primary_disk_size) == ("cx33", 40)

    server.enable_backup().wait_until_finished()
    assert client.servers.get_by_id(server.id).backup_window is not None
    backup = server.create_image(type="backup")
    backup.action.wait_until_finished()
    assert ids(client.images.get_all(bound_to=[str(server.id)])) == [backup.image.id]
    server.disable_backup().wait_until_finished()

    server.change_protection(delete=True, rebuild=True).wait_until_finished()
    refused("protected", server.delete)
    refused("protected", lambda: server.rebuild(Image(name="debian-12")))
    server.change_protection(delete=False, rebuild=False).wait_until_finished()
    server.rebuild(Image(name="debian-12")).action.wait_until_finished()
    assert client.servers.get_by_id(server.id).image.name == "debian-12"
    commands = [action.command for action in server.get_actions(sort=["id"])]
    assert commands[0] == "create_server" and commands[-1] == "rebuild_server"


def images(server):
    made = server.create_image(description="of alice", labels={"of": "alice"}, type="snapshot")
    made.action.wait_until_finished()
    image = made.image
    assert ids(client.images.get_all(type=["snapshot"], label_selector="of=alice")) == [image.id]
    assert image.update(description="kept").description == "kept"
    image.change_protection(delete=True).wait_until_finished()
    refused("protected", image.delete)
    image.change_protection(delete=False).wait_until_finished()
    assert image.delete() is True


def selectors(server, wall):
    target = FirewallResource(
        type="label_selector", label_selector=FirewallResourceLabelSelector("tier")
    )
    other = client.firewalls.create(name="by-label", rules=[]).firewall
    for action in other.apply_to_resources([target]):
        action.wait_until_finished()
    held = client.servers.get_by_id(server.id).public_net.firewalls
    assert sorted(f.firewall.id for f in held) == sorted([wall.id, other.id])
    refused("resource_in_use", other.delete)
    for action in other.remove_from_resources([target]):
        action.wait_until_finished()
    assert other.delete() is True


def delete(server, volume, address, wall, key):
    refused("resource_in_use", wall.delete)
    refused("must_be_unassigned", address.delete)
    server.delete().wait_until_finished()
    assert client.servers.get_by_name("alice") is None
    assert client.volumes.get_by_id(volume.id).server is None
    assert client.primary_ips.get_by_id(address.id).assignee_id is None
    for item in (volume, address, wall, key):
        assert item.delete() is True
    refused("not_found", lambda: client.volumes.get_by_id(volume.id))


def paging():
    for number in range(60):
        client.firewalls.create(name=f"page-{number:02}")
    names = [wall.name for wall in client.firewalls.get_all(sort="name:desc")]
    assert names == [f"page-{number:02}" for number in reversed(range(60))]
    page = client.firewalls.get_list(page=2, per_page=25)
    assert (page.meta.pagination.next_page, page.meta.pagination.total_entries) == (3, 60)
    for wall in client.firewalls.get_all():
        wall.delete()


def main():
    catalogue()
    print("catalogue")
    key, wall, volume, address = ssh_keys(), firewalls(), volumes(), primary_ips()
    print("ssh keys, firewalls, volumes, primary ips")
    server = create_server(key, wall, address)
    use_server(server, volume, address)
    print("servers")
    images(server)
    print("images")
    selectors(server, wall)
    print("label selectors")
    delete(server, volume, address, wall, key)
    print("delete")
    paging()
    print("paging")


main()
