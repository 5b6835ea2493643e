// Command pulumi-resource-hcloud serves the real upstream Hetzner Cloud provider to the engine.
package main

import (
	"context"
	_ "embed"

	"bureau.local/engine/plugins/hcloud"
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
	pf.MainWithMuxer(context.Background(), "hcloud", hcloud.Provider(metadata), schema)
}
