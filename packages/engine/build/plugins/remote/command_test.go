package remote

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
)

func TestCreateRunsTheCommandAndRecordsWhatItPrints(t *testing.T) {
	server := startServer(t)
	created, err := (&Command{}).Create(context.Background(), infer.CreateRequest[CommandArgs]{
		Name:   "greet",
		Inputs: CommandArgs{Connection: server.connection(), Create: text("greet"), Stdin: text("ada")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := created.Output.Stdout, "ran greet with ada"; got != want {
		t.Errorf("stdout is %q, want %q", got, want)
	}
}

func TestAPreviewRunsNothing(t *testing.T) {
	server := startServer(t)
	_, err := (&Command{}).Create(context.Background(), infer.CreateRequest[CommandArgs]{
		Name: "greet", DryRun: true,
		Inputs: CommandArgs{Connection: server.connection(), Create: text("fail")},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFailedCommandIsAnErrorWithWhatItPrinted(t *testing.T) {
	server := startServer(t)
	_, err := (&Command{}).Update(context.Background(), infer.UpdateRequest[CommandArgs, CommandState]{
		Inputs: CommandArgs{Connection: server.connection(), Create: text("greet"), Update: text("fail")},
	})
	if err == nil || !strings.Contains(err.Error(), "ran fail") {
		t.Errorf("error is %v", err)
	}
}

func TestAnotherHostKeyThanThePinnedOneIsRefused(t *testing.T) {
	server := startServer(t)
	connection := server.connection()
	connection.HostKey = text(string(ssh.MarshalAuthorizedKey(newSigner(t).PublicKey())))
	state := CommandState{CommandArgs: CommandArgs{Connection: connection}}
	err := state.run(context.Background(), text("greet"), nil)
	if err == nil || !strings.Contains(err.Error(), "host key mismatch") {
		t.Errorf("error is %v", err)
	}
}

type server struct {
	port                float64
	hostKey, privateKey string
}

func (s server) connection() Connection {
	none := 0
	host := "127.0.0.1"
	return Connection{
		Host: host, Port: &s.port, User: text("desk"), PrivateKey: &s.privateKey, HostKey: &s.hostKey,
		DialErrorLimit: &none,
	}
}

// startServer answers each command with "ran COMMAND with STDIN"; the command "fail" ends with 3.
func startServer(t *testing.T) server {
	t.Setenv("SSH_AUTH_SOCK", "")
	host := newSigner(t)
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{
		PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil },
	}
	config.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveConnection(conn, config)
		}
	}()
	return server{
		port:       float64(listener.Addr().(*net.TCPAddr).Port),
		hostKey:    string(ssh.MarshalAuthorizedKey(host.PublicKey())),
		privateKey: string(pem.EncodeToMemory(block)),
	}
}

func serveConnection(conn net.Conn, config *ssh.ServerConfig) {
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for wanted := range channels {
		channel, requests, err := wanted.Accept()
		if err != nil {
			return
		}
		for request := range requests {
			if request.Type != "exec" {
				_ = request.Reply(false, nil)
				continue
			}
			var exec struct{ Command string }
			_ = ssh.Unmarshal(request.Payload, &exec)
			_ = request.Reply(true, nil)
			stdin, _ := io.ReadAll(channel)
			_, _ = io.WriteString(channel, "ran "+exec.Command+" with "+string(stdin)+"\n")
			code := uint32(0)
			if exec.Command == "fail" {
				code = 3
			}
			_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Code uint32 }{code}))
			channel.Close()
		}
	}
}

func newSigner(t *testing.T) ssh.Signer {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func text(s string) *string { return &s }
