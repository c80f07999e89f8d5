package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"time"
)

// errNoServer tells that the demo and the tests need a program that is not installed.
var errNoServer = errors.New("redis-server and nats-server are needed: apt-get install redis-server nats-server")

// child is a server that was started for the demo or a test, on a loopback port.
type child struct {
	addr  string
	cmd   *exec.Cmd
	ended chan struct{}
}

// kill ends the server at once and returns when it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.ended
}

func launch(binary string, args ...string) (*child, error) {
	path, err := exec.LookPath(binary)
	if err != nil {
		return nil, fmt.Errorf("%w (%s is missing)", errNoServer, binary)
	}
	c := &child{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

// await polls ready until it is true, the server has ended or twenty seconds are over.
func (c *child) await(ready func() bool) bool {
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	limit := time.After(20 * time.Second)
	for !ready() {
		select {
		case <-c.ended:
			return false
		case <-limit:
			return false
		case <-every.C:
		}
	}
	return true
}

// startRedis starts a Redis at addr, or at a free port where addr is empty, with the settings that README.md asks for: what
// it has answered is on disk in dir, from where the next one goes on.
func startRedis(dir, addr string) (*child, error) {
	return start(addr, "+PONG", "redis-server", "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always")
}

// startNATS starts a NATS with JetStream in the same way.
func startNATS(dir, addr string) (*child, error) {
	return start(addr, "INFO ", "nats-server", "--addr", "127.0.0.1", "--jetstream", "--store_dir", dir)
}

// start runs a server and returns when it has spoken its greeting.
func start(addr, greeting, binary string, args ...string) (*child, error) {
	// Another program may take the port between the look and the start; then it is tried again.
	for range 5 {
		at := addr
		if at == "" {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			at = l.Addr().String()
			_ = l.Close()
		}
		_, port, err := net.SplitHostPort(at)
		if err != nil {
			return nil, err
		}
		c, err := launch(binary, append(args, "--port", port)...)
		if err != nil {
			return nil, err
		}
		if c.await(func() bool { return greets(at, greeting) }) {
			c.addr = at
			return c, nil
		}
		c.kill()
	}
	return nil, errors.New(binary + " does not start")
}

// greets tells whether a server answers. NATS speaks first; to Redis PING is a question.
func greets(addr, greeting string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	_, _ = io.WriteString(conn, "PING\r\n")
	line, _ := bufio.NewReader(conn).ReadString('\n')
	return strings.HasPrefix(line, greeting)
}
