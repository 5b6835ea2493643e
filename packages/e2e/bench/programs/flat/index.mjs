// What a Desk makes, written out by hand: the same resources without component, checks or rendering.
import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

class Config extends pulumi.CustomResource {
  constructor(name, args) {
    super(
      "cloudinit:index/config:Config",
      name,
      { ...args, rendered: undefined },
      {
        version: "1.6.1",
        additionalSecretOutputs: ["rendered"],
      },
    );
  }
}

const location = "fsn1";
for (let i = 0; i < Number(process.env.COUNT ?? 1); i += 1) {
  const name = `desk-${i}`;
  const token = new random.RandomPassword(`${name}-gateway-token`, { length: 43, special: false });
  const seed = new random.RandomPassword(`${name}-ssh-host-key`, { length: 43, special: false });
  const ips = ["ipv4", "ipv6"].map(
    (type) =>
      new hcloud.PrimaryIp(
        `${name}-${type}`,
        { name: `${name}-${type}`, type, location, assigneeType: "server", autoDelete: false },
        { ignoreChanges: ["assigneeType"] },
      ),
  );
  const volume = new hcloud.Volume(`${name}-data`, { name: `${name}-data`, size: 20, location });
  const firewall = new hcloud.Firewall(`${name}-firewall`, {
    name: `${name}-firewall`,
    rules: [{ direction: "in", protocol: "icmp", sourceIps: ["0.0.0.0/0", "::/0"] }],
  });
  const content = pulumi.secret(
    pulumi.interpolate`#cloud-config\n# ${process.env.CANARY} ${token.result} ${seed.result} ${volume.id}\n`,
  );
  const userData = new Config(`${name}-user-data`, {
    gzip: true,
    base64Encode: true,
    parts: [{ contentType: "text/cloud-config", content }],
  });
  const server = new hcloud.Server(
    `${name}-server`,
    {
      name,
      serverType: "cx23",
      image: "debian-13",
      location,
      firewallIds: [firewall.id.apply(Number)],
      publicNets: [{ ipv4: ips[0].id.apply(Number), ipv6: ips[1].id.apply(Number) }],
      userData: pulumi.secret(userData.rendered),
      shutdownBeforeDeletion: true,
    },
    { deleteBeforeReplace: true },
  );
  new hcloud.VolumeAttachment(
    `${name}-attachment`,
    { volumeId: volume.id.apply(Number), serverId: server.id.apply(Number) },
    { deleteBeforeReplace: true, retainOnDelete: true },
  );
}
