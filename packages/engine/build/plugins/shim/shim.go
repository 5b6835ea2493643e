// Package shim lives below the random provider's module path, so that Go's rule for internal
// packages lets it hand the provider out.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	random "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New returns the upstream random provider.
func New() provider.Provider {
	return random.New()
}
