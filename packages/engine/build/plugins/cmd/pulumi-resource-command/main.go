// Command pulumi-resource-command serves the test double of the command provider to the engine.
package main

import (
	"context"
	"fmt"
	"os"

	"bureau.local/engine/plugins/orphan"
	"bureau.local/engine/plugins/remote"
	"github.com/pulumi/pulumi-go-provider/infer"
)

func main() {
	orphan.Exit()
	provider, err := infer.NewProviderBuilder().
		WithDescription("TEST DOUBLE of the command package, not the official one").
		WithResources(infer.Resource(&remote.Command{})).
		Build()
	if err == nil {
		err = provider.Run(context.Background(), "command", remote.Version)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "test double of pulumi-resource-command:", err)
		os.Exit(1)
	}
}
