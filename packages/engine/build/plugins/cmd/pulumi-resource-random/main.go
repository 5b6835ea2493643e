// Command pulumi-resource-random serves the real upstream random provider to the engine.
package main

import (
	"context"
	_ "embed"

	"bureau.local/engine/plugins/orphan"
	"bureau.local/engine/plugins/random"
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
	pf.Main(context.Background(), "random", random.Provider(metadata), pf.ProviderMetadata{PackageSchema: schema})
}
