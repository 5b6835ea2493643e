// Package hcloud maps the upstream Hetzner Cloud provider to a Pulumi package.
package hcloud

import (
	"context"

	upstream "github.com/hetznercloud/terraform-provider-hcloud/hcloud"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// Version is the Pulumi package whose upstream code go.mod requires.
const Version = "1.32.1"

// Provider describes the package. The metadata is what the generator wrote, or {} in the generator.
func Provider(metadata []byte) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P: pf.MuxShimWithPF(
			context.Background(),
			sdkv2.NewProvider(upstream.Provider()),
			upstream.NewPluginProvider(),
		),
		Name:         "hcloud",
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
	}
	info.MustComputeTokens(tokens.SingleModule("hcloud_", "index", tokens.MakeStandard("hcloud")))
	giveStringIDs(&info)
	info.MustApplyAutoAliases()
	info.SetAutonaming(255, "-")
	return info
}

// giveStringIDs declares ids as strings, which Pulumi demands of all and upstream has as numbers here and there.
func giveStringIDs(info *tfbridge.ProviderInfo) {
	info.P.ResourcesMap().Range(func(name string, resource shim.Resource) bool {
		id, has := resource.Schema().GetOk("id")
		mapped := info.Resources[name]
		if !has || mapped == nil || id.Type() == shim.TypeString {
			return true
		}
		if mapped.Fields == nil {
			mapped.Fields = map[string]*tfbridge.SchemaInfo{}
		}
		mapped.Fields["id"] = &tfbridge.SchemaInfo{Type: "string"}
		return true
	})
}
