package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/google/shlex"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Run runs a Pulumi program. What the program prints goes to the host's own stdout and stderr, which
// the engine shows.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	script, err := sdkScript("run", req.GetInfo().GetProgramDirectory(), req.GetPwd())
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	options := optionsOf(req.GetInfo())
	flags, err := shlex.Split(options.nodeArgs)
	if err != nil {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("runtime option nodeargs: %v", err)}, nil
	}
	env, err := programEnvironment(req, options)
	if err != nil {
		return nil, err
	}
	cmd, finish := h.node(ctx, append(append(flags, script), h.runArguments(req)...))
	defer finish()
	cmd.Env = env
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	code, err := exitCode(cmd.Run())
	switch {
	case err != nil:
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	case code == 0:
		return &pulumirpc.RunResponse{}, nil
	case code == exitedAfterLogging:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", code)}, nil
	}
}

func (h *host) runArguments(req *pulumirpc.RunRequest) []string {
	var args []string
	option := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	option("monitor", req.GetMonitorAddress())
	option("engine", h.engineAddress())
	option("organization", req.GetOrganization())
	option("project", req.GetProject())
	option("root-directory", req.GetInfo().GetRootDirectory())
	option("stack", req.GetStack())
	option("pwd", req.GetPwd())
	if req.GetDryRun() {
		args = append(args, "--dry-run")
	}
	option("parallel", strconv.Itoa(int(req.GetParallel())))
	entry := req.GetInfo().GetEntryPoint()
	if entry == "" {
		entry = "."
	}
	return append(append(args, entry), req.GetArgs()...)
}

// A stack without config has a nil map, which would be the JSON null; the SDK wants an object.
func marshalConfig(config map[string]string) ([]byte, error) {
	if config == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(config)
}

func programEnvironment(req *pulumirpc.RunRequest, options runtimeOptions) ([]string, error) {
	config, err := marshalConfig(req.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, req.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}
	env := append(os.Environ(),
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys))
	if options.typescript {
		env = append(env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if options.tsconfig != "" {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+options.tsconfig)
	}
	return env, nil
}

type runtimeOptions struct {
	typescript         bool
	nodeArgs, tsconfig string
}

// optionsOf reads runtime.options of Pulumi.yaml; TypeScript is on unless it says otherwise.
func optionsOf(info *pulumirpc.ProgramInfo) runtimeOptions {
	fields := info.GetOptions().GetFields()
	options := runtimeOptions{
		typescript: true,
		nodeArgs:   fields["nodeargs"].GetStringValue(),
		tsconfig:   fields["tsconfig"].GetStringValue(),
	}
	if value, given := fields["typescript"]; given {
		options.typescript = value.GetBoolValue()
	}
	return options
}
