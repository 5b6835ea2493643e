// Package orphan ends a plugin whose engine was killed. Left alone, plugins notice that only after
// five minutes, and until then they hold the terminal and the files of whoever started the engine.
package orphan

import (
	"os"
	"time"
)

const (
	lookEvery = time.Second
	// A request to the cloud that is under way is worth finishing.
	grace = 5 * time.Second
)

// Exit ends the process some seconds after its parent has gone. It does not block.
func Exit() {
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(lookEvery)
		}
		time.Sleep(grace)
		os.Exit(1)
	}()
}
