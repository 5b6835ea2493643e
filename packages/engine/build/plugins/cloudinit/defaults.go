package cloudinit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The official provider fills its defaults in while planning, not by the schema, so a preview shows
// them only on a change; these two modifiers do likewise.

type trueByDefault struct{}

func (trueByDefault) Description(context.Context) string         { return "true unless given" }
func (trueByDefault) MarkdownDescription(context.Context) string { return "true unless given" }

func (trueByDefault) PlanModifyBool(_ context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	if req.ConfigValue.IsNull() && (req.PlanValue.IsUnknown() || req.PlanValue.IsNull()) {
		resp.PlanValue = types.BoolValue(true)
	}
}

type textByDefault struct{ fallback string }

func (d textByDefault) Description(context.Context) string { return d.fallback + " unless given" }
func (d textByDefault) MarkdownDescription(context.Context) string {
	return d.fallback + " unless given"
}

func (d textByDefault) PlanModifyString(
	_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse,
) {
	if req.ConfigValue.IsNull() && (req.PlanValue.IsUnknown() || req.PlanValue.IsNull()) {
		resp.PlanValue = types.StringValue(d.fallback)
	}
}
