// Command pulumi-resource-cloudinit serves the test double of the cloudinit provider to the engine.
package main

import (
	"context"
	_ "embed"

	"bureau.local/engine/plugins/cloudinit"
	"bureau.local/engine/plugins/orphan"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
)

// Both files come from cmd/generate.
var (
	//go:embed schema.json
	schema []byte
	//go:embed bridge-metadata.json
	metadata []byte
)

func main() {
	orphan.Exit()
	pf.Main(context.Background(), "cloudinit", cloudinit.Provider(metadata), pf.ProviderMetadata{PackageSchema: schema})
}
