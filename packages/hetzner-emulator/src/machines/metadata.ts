/** What a server can learn of itself. */
export interface MetadataFacts {
  readonly serverId: number;
  readonly hostname: string;
  readonly ipv4: string | undefined;
  readonly location: string;
  readonly networkZone: string;
  /** As it was sent to the API. */
  readonly userData: string | undefined;
}

/** What a cloud's image sets for all its servers; assumed, since the vendor's own is not public. */
export const vendorData = `#cloud-config
disable_root: false
locale: C.UTF-8
manage_etc_hosts: true
ssh_genkeytypes: [ed25519]
no_ssh_fingerprints: true
`;

/** The first network card's. The vendor's public ones begin with 96, too. */
export const macAddress = "96:00:00:00:00:01";

/** The metadata service: what it answers, by path. JSON is YAML with everything quoted. */
export function metadataRoutes(facts: MetadataFacts): Record<string, string> {
  const { serverId, hostname, ipv4 = "", location, networkZone, userData } = facts;
  const networkConfig = {
    version: 1,
    config: [
      {
        type: "physical",
        name: "eth0",
        mac_address: macAddress,
        subnets: [{ type: "dhcp", ipv4: true }],
      },
    ],
  };
  const leaves = {
    hostname,
    "instance-id": String(serverId),
    "public-ipv4": ipv4,
    "availability-zone": location,
    region: networkZone,
  };
  const document = {
    ...leaves,
    "instance-id": serverId,
    "local-ipv4": "",
    "public-keys": [],
    "network-config": networkConfig,
    vendor_data: vendorData,
  };
  const base = "/hetzner/v1/metadata";
  return {
    [base]: JSON.stringify(document),
    ...Object.fromEntries(
      Object.entries(leaves).map(([leaf, value]) => [`${base}/${leaf}`, value]),
    ),
    [`${base}/private-networks`]: "[]",
    ...(userData === undefined ? {} : { "/hetzner/v1/userdata": userData }),
  };
}

/** As cloud-init takes user data from this cloud: one line of base64 is decoded, other text is not. */
export function decodeUserData(text: string): Buffer {
  const isOneLine = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  return isOneLine ? Buffer.from(text, "base64") : Buffer.from(text);
}
