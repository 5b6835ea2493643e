package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a component package or a policy pack and streams what it prints.
func (h *host) RunPlugin(
	req *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	run := h.runComponent
	if req.GetKind() == "analyzer" {
		run = h.runPolicyPack
	}
	code, err := exitCode(run(server.Context(), req, stdout, stderr))
	if err != nil {
		return err
	}
	if code == 0 {
		return nil
	}
	return server.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)},
	})
}

func (h *host) runComponent(
	ctx context.Context, req *pulumirpc.RunPluginRequest, stdout, stderr io.Writer,
) error {
	folder := req.GetInfo().GetProgramDirectory()
	script, err := sdkScript("run-plugin", folder)
	if err != nil {
		return err
	}
	cmd, finish := h.node(ctx, append([]string{script, folder}, req.GetArgs()...))
	defer finish()
	cmd.Dir = req.GetPwd()
	cmd.Env = append(os.Environ(), req.GetEnv()...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd.Run()
}

// runPolicyPack stands between engine and pack: the engine gives the stack's configuration by a call,
// the pack's SDK wants it in its environment, so the pack starts after that call.
func (h *host) runPolicyPack(
	ctx context.Context, req *pulumirpc.RunPluginRequest, stdout, stderr io.Writer,
) error {
	folder := req.GetInfo().GetProgramDirectory()
	script, err := sdkScript("run-policy-pack", folder)
	if err != nil {
		return err
	}
	proxy, packOut, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return err
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	env, err := packEnvironment(stack)
	if err != nil {
		return err
	}
	cmd, finish := h.node(ctx, append(append([]string{script}, req.GetArgs()...), folder))
	defer finish()
	cmd.Dir = folder
	cmd.Env = append(append(os.Environ(), req.GetEnv()...), env...)
	cmd.Stdout, cmd.Stderr = packOut, stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	err = proxy.Attach(ctx, cmd)
	var exit *exec.ExitError
	if ctx.Err() != nil && !errors.As(err, &exit) {
		// The engine hung up because it is done with the pack.
		return nil
	}
	return err
}

func packEnvironment(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	config, err := marshalConfig(stack.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, stack.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}
	return []string{
		"PULUMI_CONFIG=" + string(config),
		"PULUMI_CONFIG_SECRET_KEYS=" + string(secretKeys),
		"PULUMI_NODEJS_ORGANIZATION=" + stack.GetOrganization(),
		"PULUMI_NODEJS_PROJECT=" + stack.GetProject(),
		"PULUMI_NODEJS_STACK=" + stack.GetStack(),
		"PULUMI_NODEJS_DRY_RUN=" + strconv.FormatBool(stack.GetDryRun()),
	}, nil
}
