package cloudinit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// config is the resource cloudinit:index/config:Config. Every input forces a replacement.
type config struct{}

type configModel struct {
	ID       types.String `tfsdk:"id"`
	Parts    []partModel  `tfsdk:"part"`
	Gzip     types.Bool   `tfsdk:"gzip"`
	Base64   types.Bool   `tfsdk:"base64_encode"`
	Boundary types.String `tfsdk:"boundary"`
	Rendered types.String `tfsdk:"rendered"`
}

type partModel struct {
	ContentType types.String `tfsdk:"content_type"`
	Content     types.String `tfsdk:"content"`
	Filename    types.String `tfsdk:"filename"`
	MergeType   types.String `tfsdk:"merge_type"`
}

func (config) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_config"
}

func (config) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	replaces := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	flag := schema.BoolAttribute{
		Optional:      true,
		Computed:      true,
		PlanModifiers: []planmodifier.Bool{boolplanmodifier.RequiresReplace(), trueByDefault{}},
	}
	text := func(fallback string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:      true,
			Computed:      true,
			Validators:    notEmpty,
			PlanModifiers: append(replaces, textByDefault{fallback}),
		}
	}
	resp.Schema = schema.Schema{
		DeprecationMessage: "test double of the cloudinit provider; the official one calls this resource deprecated",
		Blocks: map[string]schema.Block{
			"part": schema.ListNestedBlock{
				Validators: []validator.List{listvalidator.IsRequired()},
				NestedObject: schema.NestedBlockObject{
					Attributes: map[string]schema.Attribute{
						"content_type": text("text/plain"),
						"content":      schema.StringAttribute{Required: true, Validators: notEmpty, PlanModifiers: replaces},
						"filename":     schema.StringAttribute{Optional: true, PlanModifiers: replaces},
						"merge_type":   schema.StringAttribute{Optional: true, PlanModifiers: replaces},
					},
				},
			},
		},
		Attributes: map[string]schema.Attribute{
			"gzip":          flag,
			"base64_encode": flag,
			"boundary":      text("MIMEBOUNDARY"),
			"rendered":      schema.StringAttribute{Computed: true},
			"id":            schema.StringAttribute{Computed: true},
		},
	}
}

func (config) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var given configModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &given)...)
	if resp.Diagnostics.HasError() || given.Gzip.IsUnknown() || given.Base64.IsUnknown() {
		return
	}
	if orTrue(given.Gzip) && !orTrue(given.Base64) {
		resp.Diagnostics.AddAttributeError(path.Root("base64_encode"), "Invalid Attribute Configuration",
			"Expected base64_encode to be set to true when gzip is true.")
	}
}

func (config) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model configModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := model.fill(); err != nil {
		resp.Diagnostics.AddError("Unable to render cloudinit config", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// Read renders again, so a state file that was changed by hand is put right.
func (config) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model configModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := model.fill(); err != nil {
		resp.Diagnostics.AddError("Unable to render cloudinit config", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (config) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (config) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// fill sets the defaults, the rendered text and the id.
func (m *configModel) fill() error {
	m.Gzip = types.BoolValue(orTrue(m.Gzip))
	m.Base64 = types.BoolValue(orTrue(m.Base64))
	if m.Boundary.IsNull() {
		m.Boundary = types.StringValue("MIMEBOUNDARY")
	}
	d := document{gzip: m.Gzip.ValueBool(), base64: m.Base64.ValueBool(), boundary: m.Boundary.ValueString()}
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.ContentType.ValueString() == "" {
			p.ContentType = types.StringValue("text/plain")
		}
		d.parts = append(d.parts, part{
			contentType: p.ContentType.ValueString(),
			content:     p.Content.ValueString(),
			filename:    p.Filename.ValueString(),
			mergeType:   p.MergeType.ValueString(),
		})
	}
	rendered, err := render(d)
	if err != nil {
		return err
	}
	m.Rendered = types.StringValue(rendered)
	m.ID = types.StringValue(identify(rendered))
	return nil
}

func orTrue(b types.Bool) bool { return b.IsNull() || b.ValueBool() }
