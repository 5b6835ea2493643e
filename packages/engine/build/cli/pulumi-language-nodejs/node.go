package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The SDK's scripts end with this code when they have told the user what is wrong.
const exitedAfterLogging = 32

// How long a process that was told to end may take before it is killed.
const grace = 3 * time.Second

// node prepares the Node.js that is first on PATH; it ends with the request or with the host.
func (h *host) node(ctx context.Context, args []string) (*exec.Cmd, func()) {
	ctx, cancel := context.WithCancel(ctx)
	forget := context.AfterFunc(h.ctx, cancel)
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	return cmd, func() {
		forget()
		cancel()
	}
}

// exitCode tells a process that failed from one that could not be run.
func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	default:
		return 0, fmt.Errorf("Node.js: %w", err)
	}
}

// sdkScript finds @pulumi/pulumi/cmd/NAME as Node resolves it from the first of the folders given.
func sdkScript(name string, folders ...string) (string, error) {
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		for dir := folder; ; dir = filepath.Dir(dir) {
			script := filepath.Join(dir, "node_modules", "@pulumi", "pulumi", "cmd", name, "index.js")
			if _, err := os.Stat(script); err == nil {
				return script, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return "", fmt.Errorf("the Pulumi SDK is not installed for %s: run npm install there", folders[0])
}
