// Command pulumi-language-nodejs is a TEST DOUBLE of Pulumi's Node.js language host, whose code is
// published in no form that Go can fetch. It runs programs, component packages and policy packs by
// the scripts in the program's own @pulumi/pulumi, as the official one does. It generates no code.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// How often the host looks whether the engine lives: a killed engine leaves nothing running.
const healthCheckInterval = 2 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, stop, engineAddress(os.Args[1:])); err != nil {
		fmt.Fprintln(os.Stderr, "test double of pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

// engineAddress is the first argument that is no flag.
func engineAddress(args []string) string {
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") {
			return arg
		}
	}
	return ""
}

func serve(ctx context.Context, stop context.CancelFunc, engine string) error {
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, healthCheckInterval, stop); err != nil {
			return err
		}
	}
	cancel := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{ctx: ctx, engine: engine})
			return nil
		},
	})
	if err != nil {
		return err
	}
	// The engine reads the port from the first line.
	fmt.Println(handle.Port)
	go func() {
		<-ctx.Done()
		close(cancel)
	}()
	return <-handle.Done
}
