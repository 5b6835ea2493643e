package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
)

// Logging says what of a command's output the engine shows while it runs; all of it unless given.
type Logging string

// Values lists the choices for the schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "stdout", Value: "stdout"},
		{Name: "stderr", Value: "stderr"},
		{Name: "stdoutAndStderr", Value: "stdoutAndStderr"},
		{Name: "none", Value: "none"},
	}
}

func (l *Logging) shows(stream Logging) bool {
	return l == nil || *l == stream || *l == "stdoutAndStderr"
}

type execution struct {
	command, stdin string
	environment    map[string]string
	logging        *Logging
}

// execute runs one command and answers what it printed, without the last line feed.
func execute(ctx context.Context, client *ssh.Client, e execution) (string, string, error) {
	session, err := client.NewSession()
	if err != nil {
		return "", "", err
	}
	defer session.Close()
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	for name, value := range e.environment {
		// A server takes only the names that its AcceptEnv lists and says so by an error, which is no
		// reason to stop: the official provider goes on as well.
		_ = session.Setenv(name, value)
	}
	if e.stdin != "" {
		session.Stdin = strings.NewReader(e.stdin)
	}
	log := &logWriter{log: func(line string) { p.GetLogger(ctx).Info(line) }}
	var stdout, stderr bytes.Buffer
	both := &sharedBuffer{}
	session.Stdout = outputs(e.logging.shows("stdout"), log, &stdout, both)
	session.Stderr = outputs(e.logging.shows("stderr"), log, &stderr, both)
	err = session.Run(e.command)
	log.flush()
	if err != nil {
		return "", "", fmt.Errorf("%w: running %q:\n%s", err, e.command, both.String())
	}
	return strings.TrimSuffix(stdout.String(), "\n"), strings.TrimSuffix(stderr.String(), "\n"), nil
}

func outputs(shown bool, log, kept, both io.Writer) io.Writer {
	if shown {
		return io.MultiWriter(kept, both, log)
	}
	return io.MultiWriter(kept, both)
}
