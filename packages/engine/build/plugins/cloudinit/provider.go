// Package cloudinit is a TEST DOUBLE of Pulumi's cloudinit provider 1.6.1, whose code is published
// in no form that Go can fetch. It has the resource Config alone, runs behind the same bridge, and
// renders the same bytes, because it uses the same parts of Go's standard library.
package cloudinit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
)

// Version is the Pulumi package that this one stands in for.
const Version = "1.6.1"

// Provider describes the package. The metadata is what the generator wrote, or {} in the generator.
func Provider(metadata []byte) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            pf.ShimProvider(double{}),
		Name:         "cloudinit",
		Description:  "TEST DOUBLE of the cloudinit package, not the official one",
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
	}
	info.MustComputeTokens(tokens.SingleModule("cloudinit_", "index", tokens.MakeStandard("cloudinit")))
	info.MustApplyAutoAliases()
	info.SetAutonaming(255, "-")
	return info
}

type double struct{}

func (double) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "cloudinit"
	resp.Version = Version
}

func (double) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (double) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (double) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (double) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return config{} }}
}
