package remote

import (
	"bytes"
	"sync"
)

// Both streams of a session write to the types here, each from a goroutine of its own.

// sharedBuffer keeps what is written, in the order of arrival.
type sharedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *sharedBuffer) Write(data []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(data)
}

func (b *sharedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}

// logWriter hands whole lines on.
type logWriter struct {
	log  func(line string)
	lock sync.Mutex
	rest []byte
}

func (w *logWriter) Write(data []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.rest = append(w.rest, data...)
	for {
		line, rest, found := bytes.Cut(w.rest, []byte("\n"))
		if !found {
			return len(data), nil
		}
		w.log(string(line))
		w.rest = rest
	}
}

func (w *logWriter) flush() {
	w.lock.Lock()
	defer w.lock.Unlock()
	if len(w.rest) > 0 {
		w.log(string(w.rest))
	}
	w.rest = nil
}
