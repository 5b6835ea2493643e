package remote

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Connection says how to reach the host. Keys stay in memory: no file holds them.
type Connection struct {
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	Proxy              *Proxy   `pulumi:"proxy,optional"`
}

// Proxy is here so that the double can refuse it instead of connecting another way than asked.
type Proxy struct {
	Host string `pulumi:"host"`
}

// Annotate states the defaults; the timeout is in seconds.
func (c *Connection) Annotate(a infer.Annotator) {
	a.SetDefault(&c.User, "root")
	a.SetDefault(&c.Port, 22)
	a.SetDefault(&c.DialErrorLimit, 10)
	a.SetDefault(&c.PerDialTimeout, 15)
}

// A host that boots answers after a while, so attempts begin close together and spread out.
const (
	firstPause = 250 * time.Millisecond
	maxPause   = 10 * time.Second
)

// dial connects, and tries again after an error until there are more of them than dialErrorLimit; -1
// is no limit. A host key that is not the pinned one counts like any other error.
func (c *Connection) dial(ctx context.Context) (*ssh.Client, error) {
	config, done, err := c.clientConfig()
	if err != nil {
		return nil, err
	}
	defer done()
	address := net.JoinHostPort(c.Host, strconv.Itoa(int(orDefault(c.Port, 22))))
	limit := orDefault(c.DialErrorLimit, 10)
	pause := firstPause
	for failures := 1; ; failures++ {
		client, err := ssh.Dial("tcp", address, config)
		if err == nil {
			return client, nil
		}
		if limit >= 0 && failures > limit {
			return nil, fmt.Errorf("no SSH connection to %s after %d attempts: %w", address, failures, err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, maxPause)
	}
}

func (c *Connection) clientConfig() (*ssh.ClientConfig, func(), error) {
	config := &ssh.ClientConfig{
		User:            orDefault(c.User, "root"),
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
		Timeout:         time.Duration(orDefault(c.PerDialTimeout, 15)) * time.Second,
	}
	if c.HostKey != nil {
		pinned, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*c.HostKey))
		if err != nil {
			return nil, nil, fmt.Errorf("connection.hostKey: %w", err)
		}
		config.HostKeyCallback = ssh.FixedHostKey(pinned)
		// A server with several keys shows the one that is asked for.
		config.HostKeyAlgorithms = []string{pinned.Type()}
	}
	if c.PrivateKey != nil {
		signer, err := c.signer()
		if err != nil {
			return nil, nil, fmt.Errorf("connection.privateKey: %w", err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if c.Password != nil {
		config.Auth = append(config.Auth, ssh.Password(*c.Password))
	}
	done := func() {}
	if socket := orDefault(c.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK")); socket != "" {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return nil, nil, fmt.Errorf("the SSH agent: %w", err)
		}
		done = func() { conn.Close() }
		config.Auth = append(config.Auth, ssh.PublicKeysCallback(agent.NewClient(conn).Signers))
	}
	return config, done, nil
}

func (c *Connection) signer() (ssh.Signer, error) {
	if c.PrivateKeyPassword != nil {
		return ssh.ParsePrivateKeyWithPassphrase([]byte(*c.PrivateKey), []byte(*c.PrivateKeyPassword))
	}
	return ssh.ParsePrivateKey([]byte(*c.PrivateKey))
}

func orDefault[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
